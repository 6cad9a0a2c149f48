using Attune.Db.Histograms;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Pages.Enforcements;
using Attune.Web.Pages.Events;
using Attune.Web.Pages.Executions;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>The figures of a range side by side, each of which leads to its list.</summary>
public sealed partial class Tiles
{
    private static readonly EquatableList<ExecutionStatus> Failed = [ExecutionStatus.Failed, ExecutionStatus.Timeout, ExecutionStatus.Abandoned];

    /// <summary>Null until they are read.</summary>
    [Parameter, EditorRequired]
    public required HomeFigures? Figures { get; set; }

    [Parameter, EditorRequired]
    public required TimeFilter Range { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    private IReadOnlyList<Tile> Shown
    {
        get
        {
            var failed = Figures?.Of("failed", "timeout", "abandoned") ?? 0;
            var over = failed + (Figures?.Of("completed", "cancelled") ?? 0);
            return
            [
                new("Events", new EventsFilter { Range = Range }.Address, Number(Figures?.Events), About(Figures?.Events, "came")),
                new("Enforcements", new EnforcementsFilter { Range = Range }.Address, Number(Figures?.Enforcements), About(Figures?.Enforcements, "matches")),
                new("Executions", new ExecutionsFilter { Range = Range }.Address, Number(Figures?.Executions), About(Figures?.Executions, "asked for")),
                new("Failed", new ExecutionsFilter { Range = Range, Status = Failed }.Address, Format.Number(failed),
                    over == 0 ? "of no executions" : FormattableString.Invariant($"{100.0 * failed / over:0.#} % of finished"), failed > 0),
                new("Pending", new EnforcementsFilter { Status = [EnforcementStatus.Created] }.Address,
                    $"{Format.Number(Figures?.Pending.Items ?? 0)}{(Figures?.Pending.IsMinimum is true ? "+" : "")}", "enforcements now"),
                Took("To resolve", new EnforcementsFilter { Range = Range, Status = [EnforcementStatus.Processed] }.Address, Figures?.ToResolve),
                Took("To complete", new ExecutionsFilter { Range = Range, Status = [ExecutionStatus.Completed] }.Address, Figures?.ToComplete),
            ];
        }
    }

    private static string Number(Histogram? histogram) =>
        $"{Format.Number(histogram?.Total ?? 0)}{(histogram?.CountedBackTo is null ? "" : "+")}";

    private static Tile Took(string name, string href, DurationPair? took) => took is null
        ? new(name, href, "–", "nothing yet")
        : new(name, href, Format.Duration(took.Median),
            $"half; 95 % within {Format.Duration(took.Most)}{(took.IsSample ? $", of the latest {Format.Number(took.Counted)}" : "")}");

    private string About(Histogram? histogram, string what) => histogram?.CountedBackTo is { } at
        ? $"since {BucketWords.Instant(at, Browser.Zone)}"
        : $"{what}, {Range.Label(Browser.Zone).ToLowerInvariant()}";

    private sealed record Tile(string Name, string Href, string Number, string About, bool IsBad = false);
}
