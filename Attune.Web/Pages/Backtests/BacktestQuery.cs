using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Backtests;

/// <summary>What a backtest tries, and on which events.</summary>
public sealed record BacktestQuery : IPageFilter<BacktestQuery>
{
    /// <summary>The longest draft that an address carries; a request's first line has its limits.</summary>
    public const int MostCharacters = 2_000;

    private const string Draft = "draft";
    private const int MostPages = 100_000;

    public static TimeFilter UsualRange { get; } = TimeFilter.Of(TimeSpan.FromDays(7));

    public static IReadOnlyList<TimeFilter> Ranges { get; } =
        [TimeFilter.Of(TimeSpan.FromHours(24)), UsualRange, TimeFilter.Of(TimeSpan.FromDays(30)), TimeFilter.Of(TimeSpan.FromDays(90))];

    /// <summary>An earlier version; null for the rule as it is, and for a draft.</summary>
    public int? Version { get; init; }

    public bool IsDraft { get; init; }

    /// <summary>The trigger of a draft that is no rule's; null for the rule's.</summary>
    public string? Trigger { get; init; }

    /// <summary>The text of the draft's conditions; null where the address has none.</summary>
    public string? Conditions { get; init; }

    /// <summary>How the draft joins them; null for the way of the rule.</summary>
    public ConditionJoin? Join { get; init; }

    public TimeFilter Range { get; init; } = UsualRange;

    /// <summary>Of which sort all events are listed; null for the outcome as a whole.</summary>
    public BacktestList? List { get; init; }

    /// <summary>The page of that list, from 1.</summary>
    public int Page { get; init; } = 1;

    public static BacktestQuery Parse(AddressQuery query)
    {
        var isDraft = query.Text("try") == Draft;
        return new()
        {
            Version = isDraft ? null : query.Read("try", text => Counted(text, int.MaxValue), $"{Draft}, or the number of a version"),
            IsDraft = isDraft,
            Trigger = isDraft ? query.Text("trigger") : null,
            Conditions = isDraft ? query.Text("conditions") : null,
            Join = isDraft ? query.Read("join", EnumNames.Find<ConditionJoin>, "all or any") : null,
            List = query.Read("list", EnumNames.Find<BacktestList>, $"one of {string.Join(", ", EnumNames.All<BacktestList>())}"),
            Page = query.Read("page", text => Counted(text, MostPages), "the number of a page, from 1") ?? 1,
            Range = TimeFilter.ParseOneOf(query, Ranges, UsualRange),
        };
    }

    public AddressQuery ToQuery() => AddressQuery.Empty
        .With("try", IsDraft ? Draft : Format.Id(Version))
        .With("trigger", IsDraft ? Trigger : null)
        .With("range", Range == UsualRange ? null : Range.LastText)
        .With("list", List is { } list ? Statuses.Write([list]) : null)
        .With("page", Page == 1 ? null : Format.Id(Page))
        .With("join", IsDraft && Join is { } join ? Statuses.Write([join]) : null)
        .With("conditions", IsDraft && Conditions is { Length: <= MostCharacters } ? Conditions : null);

    /// <summary>The page of a rule, so asked; without a reference, that of a draft which is no rule's.</summary>
    public string Address(string? reference) => ToQuery().At(reference is null ? Urls.NewBacktest : Urls.Backtest(reference));

    private static int? Counted(string text, int most) => AddressQuery.ParseId(text) is > 0 and var number && number <= most ? (int)number : null;
}

/// <summary>A sort of events that a backtest finds.</summary>
public enum BacktestList
{
    Matches,
    NearMisses,
    Added,
    Removed,
}
