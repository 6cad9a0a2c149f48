using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>The list of events.</summary>
public sealed partial class EventsPage
{
    [Inject]
    public required IEventRepository Repository { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IEventSearch Search { get; init; }

    [Inject]
    public required ISampledPaths Paths { get; init; }

    private IAsyncEnumerable<SearchStep<EventSummary>> SearchAsync(Cursor? after, CancellationToken cancellationToken) => Search.RunAsync(
        new() { Query = Filter.Search ?? "", Filter = Filter.ToEventFilter(Clock.GetUtcNow()), After = after }, cancellationToken);

    private void Go(EventsFilter filter) => Navigation.NavigateTo(filter.Address);

    private Task<Page<EventSummary>> ReadAsync(PageRequest page, CancellationToken cancellationToken) =>
        Repository.ListAsync(Filter.ToEventFilter(Clock.GetUtcNow()), page, cancellationToken);
}
