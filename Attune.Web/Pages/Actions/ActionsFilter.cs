using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Actions;

/// <summary>Which actions the list shows.</summary>
public sealed record ActionsFilter : IPageFilter<ActionsFilter>
{
    /// <summary>A part of the reference or label.</summary>
    public string? Text { get; init; }

    public string? Pack { get; init; }

    /// <summary>The list so filtered.</summary>
    public string Address => ToQuery().At(Urls.Actions);

    public static ActionsFilter Parse(AddressQuery query) => new() { Text = query.Text("q"), Pack = query.Text("pack") };

    public AddressQuery ToQuery() => AddressQuery.Empty.With("q", Text).With("pack", Pack);
}
