using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.History;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Says that nothing matches the filters, and offers to look further or to take one away.</summary>
public sealed partial class NoMatch
{
    private static readonly string[] RangeNames = ["range", "from", "to"];

    // How charts are drawn hides no row.
    private static readonly string[] BesideNames = ["by", "chart"];

    private static readonly TimeSpan LongestRange = TimeSpan.FromDays(365);

    private KeptRows? _kept;

    /// <summary>What a row is, in the singular.</summary>
    [Parameter, EditorRequired]
    public required string Noun { get; set; }

    /// <summary>The filter, as the address has it.</summary>
    [Parameter, EditorRequired]
    public required AddressQuery Query { get; set; }

    /// <summary>The part of it that is about time.</summary>
    [Parameter]
    public TimeFilter Range { get; set; } = TimeFilter.Any;

    /// <summary>The list's address without its query.</summary>
    [Parameter, EditorRequired]
    public required string Path { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required IRetention Retention { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    private IReadOnlyList<(string Name, string Value)> Others => [.. Query.Values.Where(value => !RangeNames.Contains(value.Name) && !BesideNames.Contains(value.Name))];

    // All that there is, or as much of it as a range can have.
    private TimeFilter Kept => TimeFilter.Of(_kept is { } kept && kept.Keep < LongestRange ? kept.Keep : LongestRange);

    // Whoever looked at less than a week is offered a week, and then all that is kept.
    private TimeFilter? Wider => Range.Last is { } last
        ? ((TimeFilter[])[TimeFilter.Of(TimeSpan.FromDays(7)), Kept]).FirstOrDefault(wider => wider.Last > last)
        : null;

    private string Words => Range.Last is null ? "this time" : $"the {Range.Label(Browser.Zone).ToLowerInvariant()}";

    protected override async Task OnParametersSetAsync() =>
        _kept = EnumNames.Find<IdTable>(Noun) is { } table ? await Retention.ReadAsync(table, Leaving) : null;

    private AddressQuery Without(IEnumerable<string> names) => names.Aggregate(Query, (query, name) => query.Without(name));
}
