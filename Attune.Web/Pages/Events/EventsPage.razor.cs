using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>The list of events.</summary>
public sealed partial class EventsPage
{
    [Inject]
    public required IEventOutcomes Outcomes { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override bool HasPlaces => true;

    private static string Word(EventResult result) => result switch
    {
        EventResult.Matched => "A rule matched",
        EventResult.Unmatched => "Fired nothing",
        EventResult.Pending => "Pending",
        _ => "An execution failed",
    };

    private void Go(EventsFilter filter) => Navigation.NavigateTo(filter.Address);

    private Task<Page<EventOutcome>> ReadAsync(PageRequest page, CancellationToken cancellationToken) =>
        Outcomes.ListAsync(Filter.ToOutcomeFilter(Clock.GetUtcNow()), page, cancellationToken);
}
