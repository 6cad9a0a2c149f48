using Attune.Web.Shared;

namespace Attune.Web.Lists;

/// <summary>The range of a chart on the page of one thing.</summary>
public sealed record ChartRange : IPageFilter<ChartRange>
{
    /// <summary>The ranges that stand side by side.</summary>
    public static IReadOnlyList<TimeFilter> Choices { get; } =
    [
        TimeFilter.Of(TimeSpan.FromHours(24)), TimeFilter.Of(TimeSpan.FromDays(7)), TimeFilter.Of(TimeSpan.FromDays(30)),
        TimeFilter.Of(TimeSpan.FromDays(90)),
    ];

    public TimeFilter Range { get; init; } = Choices[1];

    public static ChartRange Parse(AddressQuery query) => new()
    {
        Range = TimeFilter.Parse(query) is { IsAny: false } range ? range : Choices[1],
    };

    public AddressQuery ToQuery() => Range == Choices[1] ? AddressQuery.Empty : AddressQuery.Empty.With(Range.ToQuery());
}
