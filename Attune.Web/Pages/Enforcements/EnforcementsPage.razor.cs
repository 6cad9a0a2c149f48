using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Enforcements;

/// <summary>The list of enforcements.</summary>
public sealed partial class EnforcementsPage
{
    [Inject]
    public required IEnforcementRepository Repository { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    private void Go(EnforcementsFilter filter) => Navigation.NavigateTo(filter.Address);

    private Task<Page<EnforcementSummary>> ReadAsync(PageRequest page, CancellationToken cancellationToken) =>
        Repository.ListAsync(Filter.ToEnforcementFilter(Clock.GetUtcNow()), page, cancellationToken);
}
