using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Enforcements;

/// <summary>From the event to the end of the last execution: each step with its time, and how long it took to get there.</summary>
public sealed partial class EnforcementSteps
{
    private IReadOnlyList<Step> _steps = [];

    [Parameter, EditorRequired]
    public required Enforcement Enforcement { get; set; }

    /// <summary>Whether the event is still there.</summary>
    [Parameter, EditorRequired]
    public required bool HasEvent { get; set; }

    /// <summary>Its executions, the first one first.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<ExecutionSummary> Executions { get; set; }

    protected override void OnParametersSet() => _steps = [.. Steps()];

    // A rule is asked while its event is written, and the enforcement is written with it: there is no time between the two.
    private IEnumerable<Step> Steps()
    {
        if (Enforcement.Event is { } id)
        {
            yield return new()
            {
                Name = $"Event #{id}", At = Enforcement.Created, Tone = Tone.Waiting, Href = HasEvent ? Urls.Event(id) : null,
            };
        }

        yield return new()
        {
            Name = Enforcement.RuleVersion is { } version ? $"Matched by v{version}" : "Matched", At = Enforcement.Created, Tone = Tone.Waiting,
            After = Enforcement.Event is null ? null : TimeSpan.Zero,
        };
        if (Enforcement.ResolvedAt is not { } resolved)
        {
            yield return new() { Name = "Waits to be resolved", At = Enforcement.Created, IsGoing = true };
            yield break;
        }

        yield return new()
        {
            Name = Statuses.Label(Enforcement.Status), At = resolved, After = resolved - Enforcement.Created,
            Tone = Statuses.Tone(Enforcement.Status),
        };
        foreach (var step in Executions.SelectMany(one => Steps(one, resolved)))
        {
            yield return step;
        }
    }

    private static IEnumerable<Step> Steps(ExecutionSummary execution, DateTimeOffset resolved)
    {
        yield return new()
        {
            Name = $"Execution #{execution.Id} requested", At = execution.Created, After = execution.Created - resolved, Tone = Tone.Waiting,
            Href = Urls.Execution(execution.Id),
        };
        if (execution.StartedAt is { } started)
        {
            yield return new() { Name = "Started", At = started, After = started - execution.Created, Tone = Tone.Active };
        }

        var since = execution.StartedAt ?? execution.Created;
        yield return Statuses.IsFinal(execution.Status)
            ? new()
            {
                Name = Statuses.Label(execution.Status), At = execution.Updated, After = execution.Updated - since,
                Tone = Statuses.Tone(execution.Status),
            }
            : new() { Name = execution.StartedAt is null ? "Waits for a worker" : "Runs", At = since, IsGoing = true };
    }
}
