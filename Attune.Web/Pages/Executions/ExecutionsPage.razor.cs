using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Executions;

/// <summary>The list of executions.</summary>
public sealed partial class ExecutionsPage
{
    [Inject]
    public required IExecutionRepository Repository { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override bool HasPlaces => true;

    private void Go(ExecutionsFilter filter) => Navigation.NavigateTo(filter.Address);

    private Task<Page<ExecutionSummary>> ReadAsync(PageRequest page, CancellationToken cancellationToken) =>
        Repository.ListAsync(Filter.ToExecutionFilter(Clock.GetUtcNow()), page, cancellationToken);
}
