using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Backtests;

/// <summary>How far a backtest has come.</summary>
public sealed partial class BacktestRunning
{
    [Parameter, EditorRequired]
    public required BacktestProgress Progress { get; set; }

    private static string Share(BacktestProgress progress) => FormattableString.Invariant($"{progress.Share:0.###}");

    private static string Percent(BacktestProgress progress) => FormattableString.Invariant($"{100 * progress.Share:0} %");

    private static string SoFar(BacktestProgress progress) =>
        $"{Format.Count(progress.Events, "event")} read, {Format.Number(progress.Matches)} {(progress.Matches == 1 ? "matches" : "match")}";
}
