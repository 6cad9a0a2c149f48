using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>The latest executions and how they stand.</summary>
public sealed partial class RecentExecutions
{
    private const int Rows = 8;

    private IReadOnlyList<ExecutionSummary>? _rows;

    [Inject]
    public required IExecutionRepository Repository { get; init; }

    protected override object Subject => nameof(RecentExecutions);

    protected override bool Concerns(Change change) => change.Channel is Channels.ExecutionCreated or Channels.ExecutionStatusChanged;

    protected override async Task ReadAsync(CancellationToken cancellationToken) =>
        _rows = (await Repository.ListAsync(new ExecutionFilter(), new PageRequest { Size = Rows }, cancellationToken)).Items;
}
