using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Triggers;

/// <summary>Which triggers the list shows.</summary>
public sealed record TriggersFilter : IPageFilter<TriggersFilter>
{
    /// <summary>Text that stands in the reference or the label.</summary>
    public string? Search { get; init; }

    /// <summary>The list so filtered.</summary>
    public string Address => ToQuery().At(Urls.Triggers);

    public static TriggersFilter Parse(AddressQuery query) => new() { Search = query.Text("q") };

    public AddressQuery ToQuery() => AddressQuery.Empty.With("q", Search);
}
