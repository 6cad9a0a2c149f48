using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Enforcements;

/// <summary>One enforcement. While it is pending the page says so, and turns by itself when it is resolved.</summary>
public sealed partial class EnforcementPage
{
    private Enforcement? _enforcement;
    private Lineage _lineage = new();
    private bool _read;

    [Parameter]
    public long Id { get; set; }

    [Inject]
    public required IEnforcementRepository Enforcements { get; init; }

    [Inject]
    public required Lineages Lineages { get; init; }

    protected override TimeSpan Interval => TimeSpan.FromMilliseconds(100);

    protected override object Subject => Id;

    private IReadOnlyList<ExecutionSummary> Executions => _lineage.Steps is [var step] ? step.Executions : [];

    protected override void SubjectChanged() => (_read, _enforcement, _lineage) = (false, null, new());

    protected override bool Concerns(Change change) =>
        change.Enforcement == Id
        || (change.Id == Id && change.Channel is Channels.EnforcementCreated or Channels.EnforcementStatusChanged);

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var found = await Enforcements.FindAsync(Id, cancellationToken);
        var lineage = found is null ? new() : await Lineages.OfEnforcementAsync(found, cancellationToken);
        (_enforcement, _lineage, _read) = (found, lineage, true);
    }

    private static string Join(Enforcement enforcement) => enforcement.Condition == ConditionJoin.All ? "all" : "any";
}
