using Attune.Web.Pages.Events;
using System.Globalization;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Backtests;

/// <summary>What a backtest came to.</summary>
public sealed partial class BacktestOutcome
{
    private const int MostNames = 6;

    private IReadOnlyList<ChartBar> _bars = [];

    [Parameter, EditorRequired]
    public required BacktestReport Report { get; set; }

    /// <summary>Where all events of a sort are listed.</summary>
    [Parameter, EditorRequired]
    public required Func<BacktestList, string> All { get; set; }

    /// <summary>What can be done with it.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private string Tried => Report.IsDraft ? "The draft" : $"v{Report.RuleVersion}";

    /// <summary>The difference, where something else was tried than the rule as it is.</summary>
    private BacktestDifference? Compared =>
        Report.Difference is { } difference && (Report.IsDraft || Report.RuleVersion != difference.CurrentVersion) ? difference : null;

    private string MatchedShare => Report switch
    {
        { Events: 0 } => "of none",
        { Matches: > 0 } when Report.Matches * 1_000 < Report.Events => "less than 0.1 % of them",
        _ => FormattableString.Invariant($"{100.0 * Report.Matches / Report.Events:0.#} % of them"),
    };

    protected override void OnParametersSet()
    {
        var step = Math.Max(1, (int)Math.Ceiling(Report.Days.Count / (double)MostNames));
        _bars = [.. Report.Days.Select((day, index) => new ChartBar
        {
            Value = day.Matches,
            Mark = Compared is null ? null : day.Current,
            Name = index % step == 0 ? day.Day.ToString("MMM d", CultureInfo.InvariantCulture) : null,
            Tip = Tip(day),
            Href = new EventsFilter { Trigger = Report.TriggerRef, Range = Whole(day.Day) }.Address,
        })];
    }

    private static TimeFilter Whole(DateOnly day)
    {
        var midnight = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return TimeFilter.Between(midnight, midnight.AddDays(1));
    }

    private string Tip(BacktestDay day)
    {
        var name = day.Day.ToString("ddd d MMM", CultureInfo.InvariantCulture);
        var tip = $"{name} (UTC)\n{Format.Number(day.Matches)} of {Format.Count(day.Events, "event")}";
        return Compared is { } compared && day.Current is { } current
            ? $"{tip}\nv{compared.CurrentVersion}: {Format.Number(current)}"
            : tip;
    }

    // What the event's own page explains is a version; of a draft it knows nothing.
    private string Why(long id) => Report.IsDraft ? Urls.Event(id) : Urls.Event(id, Report.RuleRef, Report.RuleVersion);
}
