using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>The latest events, as they come in.</summary>
public sealed partial class RecentEvents
{
    private const int Rows = 8;

    private IReadOnlyList<EventSummary>? _rows;

    [Inject]
    public required IEventRepository Repository { get; init; }

    protected override object Subject => nameof(RecentEvents);

    protected override bool Concerns(Change change) => change.Channel == Channels.EventCreated;

    protected override async Task ReadAsync(CancellationToken cancellationToken) =>
        _rows = (await Repository.ListAsync(new EventFilter(), new PageRequest { Size = Rows }, cancellationToken)).Items;
}
