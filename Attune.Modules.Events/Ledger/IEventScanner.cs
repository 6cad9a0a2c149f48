using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events;

/// <summary>Goes through the stored events of a trigger, millions of them if need be, holding one in memory at a time.</summary>
public interface IEventScanner
{
    /// <summary>
    /// Shows the next events of a scan, oldest first. The connection goes back before this returns, so whoever scans may take as
    /// long as it likes between two calls.
    /// </summary>
    /// <param name="scan">Which events; its range should be a day or less, which is one chunk of the table.</param>
    /// <param name="visit">Is shown each event. What it keeps stays in memory.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>Where to go on (<see cref="EventScan.After"/>); null when all of the range has been shown.</returns>
    Task<Cursor?> ScanAsync(EventScan scan, Action<ScannedEvent> visit, CancellationToken cancellationToken);

    /// <summary>Shows the next events of a list, newest first, of whatever triggers; otherwise as the other.</summary>
    /// <param name="scan">Which events; its range should be a day or less, which is one chunk of the table.</param>
    /// <param name="visit">Is shown the place of each event, and the event where it contains what is necessary.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>Where to go on; null when all of the range has been shown.</returns>
    /// <exception cref="RefusedException">The filter passes so few events that finding the next took longer than 20 s.</exception>
    Task<Cursor?> ScanNewestAsync(NewestScan scan, Action<Cursor, ScannedEvent?> visit, CancellationToken cancellationToken);

    /// <summary>The events at these places as lists show them, newest first; without those that are no longer there.</summary>
    Task<IReadOnlyList<EventSummary>> SummariesAsync(IReadOnlyList<Cursor> places, CancellationToken cancellationToken);

    /// <summary>When the oldest event came that is still there; null where there is none.</summary>
    Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken);
}

/// <summary>Which events to go through.</summary>
public sealed record EventScan
{
    public const int DefaultLimit = 2_000;

    public required string TriggerRef { get; init; }

    /// <summary>Created at or after.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Created before.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The last event that has been shown; null at the beginning.</summary>
    public Cursor? After { get; init; }

    /// <summary>Whether the events are shown with their config and their source.</summary>
    public bool WithConfig { get; init; }

    /// <summary>The most events to show in one call.</summary>
    public int Limit { get; init; } = DefaultLimit;
}

/// <summary>Which events to go through, newest first.</summary>
public sealed record NewestScan
{
    /// <summary>What the list is filtered by; its time is given by <see cref="Range"/>.</summary>
    public required EventFilter Filter { get; init; }

    public required TimeRange Range { get; init; }

    /// <summary>The last event that has been shown; null at the beginning.</summary>
    public Cursor? After { get; init; }

    /// <summary>Whether the events are shown with their payload.</summary>
    public bool WithPayload { get; init; } = true;

    /// <summary>Whether the events are shown with their config and their source.</summary>
    public bool WithConfig { get; init; }

    /// <summary>
    /// JSON values that a payload contains, as jsonb's <c>@&gt;</c> has it, where the event is wanted at all: of others the place alone
    /// is shown.
    /// </summary>
    public IReadOnlyList<string> Necessary { get; init; } = [];

    /// <summary>The most events to show in one call.</summary>
    public int Limit { get; init; } = EventScan.DefaultLimit;
}

/// <summary>An event as a scan shows it: what a rule looks at, and no more.</summary>
public sealed record ScannedEvent
{
    public required long Id { get; init; }
    public required string TriggerRef { get; init; }
    public required DateTimeOffset Created { get; init; }
    public JsonElement? Payload { get; init; }

    /// <summary>What was said outside the payload; read only when the scan asks for it.</summary>
    public JsonElement? Config { get; init; }

    public string? SourceRef { get; init; }

    /// <summary>The one rule it was meant for; null when every rule of the trigger was asked.</summary>
    public RuleTarget? Target { get; init; }

    /// <summary>The references of the rules that alone were asked; null when every rule of the trigger was.</summary>
    public IReadOnlyList<string>? OnlyRules { get; init; }
}
