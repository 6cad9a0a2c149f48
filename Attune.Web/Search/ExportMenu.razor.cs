using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Search;

/// <summary>Offers what a list shows as a file, with its filter and its search.</summary>
public sealed partial class ExportMenu
{
    /// <summary>The list's name in the API: <c>events</c>.</summary>
    [Parameter, EditorRequired]
    public required string What { get; set; }

    /// <summary>What the list is filtered by, but for its time.</summary>
    [Parameter, EditorRequired]
    public required AddressQuery Filter { get; set; }

    [Parameter, EditorRequired]
    public required TimeFilter Range { get; set; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    private string Address(string format)
    {
        var (since, until) = Range.Bounds(Clock.GetUtcNow());
        return AddressQuery.Empty.With("format", format).With(Filter)
            .With("since", since is { } from ? Format.Iso(from) : null)
            .With("until", until is { } to ? Format.Iso(to) : null)
            .At($"api/v1/{What}/export");
    }
}
