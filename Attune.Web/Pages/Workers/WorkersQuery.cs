using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Workers;

/// <summary>The range of the workers' time lines.</summary>
public sealed record WorkersQuery : IPageFilter<WorkersQuery>
{
    /// <summary>The ranges that can be chosen, the usual one first.</summary>
    public static IReadOnlyList<TimeFilter> Ranges { get; } =
        [TimeFilter.Of(TimeSpan.FromHours(24)), TimeFilter.Of(TimeSpan.FromDays(7)), TimeFilter.Of(TimeSpan.FromDays(30))];

    public TimeFilter Range { get; init; } = Ranges[0];

    public string Address => ToQuery().At(Urls.Workers);

    public static WorkersQuery Parse(AddressQuery query) => new() { Range = TimeFilter.ParseOneOf(query, Ranges, Ranges[0]) };

    public AddressQuery ToQuery() => Range == Ranges[0] ? AddressQuery.Empty : Range.ToQuery();
}
