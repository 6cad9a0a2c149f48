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

    protected override void OnParametersSet() => _steps = [.. Between(Happened()), .. Going()];

    // In the order in which they happened: an execution is requested in the transaction that resolves, a little before its end.
    private static IEnumerable<Step> Between(IEnumerable<Step> steps)
    {
        Step? before = null;
        foreach (var step in steps.OrderBy(step => step.At))
        {
            yield return before = step with { After = step.At - before?.At };
        }
    }

    // A rule is asked while its event is written, and the enforcement is written with it: there is no time between the two.
    private IEnumerable<Step> Happened()
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
        };
        if (Enforcement.ResolvedAt is { } resolved)
        {
            yield return new()
            {
                Name = Statuses.Label(Enforcement.Status), At = resolved,
                Tone = Executions.Any(one => Statuses.HasFailed(one.Status)) ? Tone.Neutral : Statuses.Tone(Enforcement.Status),
            };
        }

        foreach (var one in Executions)
        {
            yield return new()
            {
                Name = $"Execution #{one.Id} requested", At = one.Created, Tone = Tone.Waiting, Href = Urls.Execution(one.Id),
            };
            if (one.StartedAt is { } started)
            {
                yield return new() { Name = "Started", At = started, Tone = Tone.Active };
            }

            if (Statuses.IsFinal(one.Status))
            {
                yield return new() { Name = Statuses.Label(one.Status), At = one.Updated, Tone = Statuses.Tone(one.Status) };
            }
        }
    }

    private IEnumerable<Step> Going()
    {
        if (Enforcement.ResolvedAt is null)
        {
            yield return new() { Name = "Waits to be resolved", At = Enforcement.Created, IsGoing = true };
        }

        foreach (var one in Executions.Where(one => !Statuses.IsFinal(one.Status)))
        {
            yield return new()
            {
                Name = one.StartedAt is null ? $"#{one.Id} waits for a worker" : $"#{one.Id} runs", At = one.StartedAt ?? one.Created, IsGoing = true,
            };
        }
    }
}
