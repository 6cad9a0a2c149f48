using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Web.Shared;

/// <summary>What came of what: an event, the enforcements it led to, and the executions of each.</summary>
public sealed record Lineage
{
    /// <summary>The event's id; null when the enforcement or execution came of none.</summary>
    public long? EventId { get; init; }

    /// <summary>The event; null when it has expired.</summary>
    public Event? Event { get; init; }

    public long? EnforcementId { get; init; }

    /// <summary>Empty when nothing matched, or the enforcement has expired.</summary>
    public IReadOnlyList<LineageStep> Steps { get; init; } = [];

    /// <summary>True when there are more enforcements than are listed.</summary>
    public bool HasMore { get; init; }
}

/// <summary>An enforcement and its executions.</summary>
public sealed record LineageStep(EnforcementSummary Enforcement, IReadOnlyList<ExecutionSummary> Executions)
{
    /// <summary>Whether nothing came of it: every execution failed, and none is under way.</summary>
    public bool HasFailed => Executions.Count > 0 && Executions.All(one => Statuses.HasFailed(one.Status));
}

/// <summary>Puts together what the modules know, each of its own rows.</summary>
public sealed class Lineages(IEventRepository events, IEnforcementRepository enforcements, IExecutionRepository executions)
{
    private const int MostSteps = 20;
    private const int MostExecutions = 5;

    // Rows are written after the ones they refer to; a day lies between only when clocks or importers are odd.
    private static readonly TimeSpan Slack = TimeSpan.FromDays(1);

    public async Task<Lineage> OfEventAsync(Event source, CancellationToken cancellationToken)
    {
        var page = await enforcements.ListAsync(
            new EnforcementFilter { Event = source.Id, Since = source.Created - Slack },
            new PageRequest { Size = MostSteps },
            cancellationToken);
        var steps = new List<LineageStep>();
        foreach (var enforcement in page.Items.OrderBy(one => one.Id))
        {
            steps.Add(await StepAsync(enforcement, cancellationToken));
        }

        return new() { EventId = source.Id, Event = source, Steps = steps, HasMore = page.Next is not null };
    }

    public async Task<Lineage> OfEnforcementAsync(Enforcement enforcement, CancellationToken cancellationToken) => new()
    {
        EventId = enforcement.Event,
        Event = enforcement.Event is { } id ? await events.FindAsync(id, cancellationToken) : null,
        EnforcementId = enforcement.Id,
        Steps = [await StepAsync(Summary(enforcement), cancellationToken)],
    };

    public async Task<Lineage> OfExecutionAsync(Execution execution, CancellationToken cancellationToken)
    {
        if (execution.Enforcement is not { } id)
        {
            return new();
        }

        return await enforcements.FindAsync(id, cancellationToken) is { } enforcement
            ? await OfEnforcementAsync(enforcement, cancellationToken)
            : new() { EnforcementId = id };
    }

    private async Task<LineageStep> StepAsync(EnforcementSummary enforcement, CancellationToken cancellationToken)
    {
        var page = await executions.ListAsync(
            new ExecutionFilter { Enforcement = enforcement.Id, Since = enforcement.Created - Slack },
            new PageRequest { Size = MostExecutions },
            cancellationToken);
        return new(enforcement, [.. page.Items.OrderBy(one => one.Id)]);
    }

    private static EnforcementSummary Summary(Enforcement one) => new()
    {
        Id = one.Id, Rule = one.Rule, RuleRef = one.RuleRef, RuleVersion = one.RuleVersion, TriggerRef = one.TriggerRef,
        Event = one.Event, Status = one.Status, Condition = one.Condition, Created = one.Created, ResolvedAt = one.ResolvedAt,
    };
}
