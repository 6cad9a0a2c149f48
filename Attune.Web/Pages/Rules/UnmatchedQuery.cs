using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Rules;

/// <summary>Whose events that led to nothing are looked at, and of when.</summary>
public sealed record UnmatchedQuery : IPageFilter<UnmatchedQuery>
{
    public static TimeFilter UsualRange { get; } = TimeFilter.Of(TimeSpan.FromHours(24));

    public static IReadOnlyList<TimeFilter> Ranges { get; } =
        [TimeFilter.Of(TimeSpan.FromHours(1)), UsualRange, TimeFilter.Of(TimeSpan.FromDays(7)), TimeFilter.Of(TimeSpan.FromDays(30))];

    public string? Trigger { get; init; }

    public TimeFilter Range { get; init; } = UsualRange;

    public string Address => ToQuery().At(Urls.Unmatched);

    public static UnmatchedQuery Parse(AddressQuery query) => new()
    {
        Trigger = query.Text("trigger"),
        Range = TimeFilter.ParseOneOf(query, Ranges, UsualRange),
    };

    public AddressQuery ToQuery() => AddressQuery.Empty
        .With("trigger", Trigger).With("range", Range == UsualRange ? null : Range.LastText);
}
