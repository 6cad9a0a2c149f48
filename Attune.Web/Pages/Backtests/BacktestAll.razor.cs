using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Backtests;

/// <summary>All events of one sort that a backtest found, a page at a time.</summary>
public sealed partial class BacktestAll
{
    [Parameter, EditorRequired]
    public required BacktestReport Report { get; set; }

    [Parameter, EditorRequired]
    public required BacktestList List { get; set; }

    /// <summary>From 1.</summary>
    [Parameter, EditorRequired]
    public required int Page { get; set; }

    /// <summary>What the page of the backtest is asked now.</summary>
    [Parameter, EditorRequired]
    public required BacktestQuery Filter { get; set; }

    [Parameter, EditorRequired]
    public required Func<BacktestQuery, string> Address { get; set; }

    private string Title => List switch
    {
        BacktestList.Added => "Would newly match",
        BacktestList.Removed => "Would no longer match",
        _ => "Matches",
    };

    private long Total => List switch
    {
        BacktestList.Matches => Report.Matches,
        BacktestList.NearMisses => Report.NearMisses,
        BacktestList.Added => Report.Difference?.Added ?? 0,
        _ => Report.Difference?.Removed ?? 0,
    };

    private IReadOnlyList<BacktestMatch> Rows => List switch
    {
        BacktestList.Added => Report.Difference?.FirstAdded ?? [],
        BacktestList.Removed => Report.Difference?.FirstRemoved ?? [],
        _ => Report.FirstMatches,
    };

    private long Pages => (Total + BacktestRequest.MostFirst - 1) / BacktestRequest.MostFirst;

    private string Why(long id) => Report.IsDraft ? Urls.Event(id) : Urls.Event(id, Report.RuleRef, Report.RuleVersion);
}
