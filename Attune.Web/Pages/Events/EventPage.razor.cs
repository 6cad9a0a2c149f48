using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>One event, and what came of it. An event never changes; its enforcements and executions do.</summary>
public sealed partial class EventPage
{
    private const int MostReplays = 20;

    private static readonly Page<EventSummary> NoReplays = new([], null);

    private Event? _event;
    private Page<EventSummary> _replays = NoReplays;
    private Lineage _lineage = new();
    private HashSet<long> _enforcements = [];
    private EventNeighbours _neighbours;
    private PinnedEventSummary? _pin;
    private PinnedEvent? _kept;
    private string? _looked;
    private bool _read;

    [Parameter]
    public long Id { get; set; }

    /// <summary>The rule whose match, or whose want of one, is explained.</summary>
    [SupplyParameterFromQuery]
    public string? Why { get; set; }

    /// <summary>The version of that rule; null for the one that the event met.</summary>
    [SupplyParameterFromQuery(Name = "version")]
    public string? VersionText { get; set; }

    /// <summary>Opens the form that sends it again, whatever it says.</summary>
    [SupplyParameterFromQuery]
    public string? Send { get; set; }

    /// <summary>Opens the form that pins it, whatever it says.</summary>
    [SupplyParameterFromQuery(Name = "pin")]
    public string? PinText { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IEventRepository Events { get; init; }

    [Inject]
    public required IPinnedEvents Pins { get; init; }

    [Inject]
    public required Lineages Lineages { get; init; }

    private int? Version => AddressQuery.ParseId(VersionText) is >= 1 and <= int.MaxValue and var number ? (int)number : null;

    protected override TimeSpan Interval => TimeSpan.FromMilliseconds(100);

    protected override object Subject => Id;

    protected override void SubjectChanged()
    {
        (_read, _event, _replays, _lineage, _enforcements, _looked, _neighbours) = (false, null, NoReplays, new(), [], null, default);
        (_pin, _kept) = (null, null);
    }

    protected override bool Concerns(Change change) =>
        change.Event == Id
        || (change.Enforcement is { } enforcement && _enforcements.Contains(enforcement))
        || (change.Channel == Channels.EventCreated && change.Id == Id);

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var found = await Events.FindAsync(Id, cancellationToken);
        var lineage = found is null ? new() : await Lineages.OfEventAsync(found, cancellationToken);
        var replays = found is null ? NoReplays : await Events.ListAsync(
            new() { ReplayOf = Id, Since = found.Created }, new() { Size = MostReplays }, cancellationToken);
        if (found is not null && (_event is null || _neighbours.Newer is null))
        {
            _neighbours = await Events.NeighboursAsync(found, cancellationToken);
        }

        _kept = found is null ? await Pins.ReadAsync(Id, cancellationToken) : null;
        _pin = _kept?.Pin ?? await Pins.FindAsync(Id, cancellationToken);
        (_event, _replays, _lineage, _read) = (found, replays, lineage, true);

        // Another set, never the same one changed: the listener's thread may be looking at it.
        _enforcements = [.. lineage.Steps.Select(step => step.Enforcement.Id)];
    }

    // The database signals nothing of pins.
    private async Task ReadPinAsync()
    {
        _kept = _event is null ? await Pins.ReadAsync(Id, Leaving) : null;
        _pin = _kept?.Pin ?? await Pins.FindAsync(Id, Leaving);
    }

    // A second click on the same path takes the mark away.
    private void LookAt(string path) => _looked = _looked == path ? null : path;

    private string? Below(string root) =>
        _looked?.StartsWith(root, StringComparison.Ordinal) == true ? _looked[root.Length..] : null;
}
