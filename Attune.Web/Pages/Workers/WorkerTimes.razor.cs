using System.Globalization;
using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.History;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Workers;

/// <summary>When each worker was there, as a line of time.</summary>
public sealed partial class WorkerTimes
{
    private const int Wide = 1000;
    private const int MostPages = 5;

    private IReadOnlyList<Row>? _rows;
    private DateTimeOffset _since;
    private DateTimeOffset _now;
    private bool _isPartial;

    [Parameter, EditorRequired]
    public required IReadOnlyList<WorkerSummary> Workers { get; set; }

    /// <summary>The time up to now.</summary>
    [Parameter, EditorRequired]
    public required TimeFilter Range { get; set; }

    [Inject]
    public required IHistoryRepository History { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override object Subject => (Range, Workers.Count);

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override bool Concerns(Change change) => change.Channel == Channels.WorkerStatusChanged;

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var since = now - Range.Last!.Value;
        var entries = new List<HistoryEntry>();
        Cursor? after = null;
        for (var read = 0; read < MostPages; read++)
        {
            var page = await History.ListAsync(
                HistoryEntityType.Worker, new HistoryFilter { Since = since },
                new PageRequest { Size = PageRequest.MaxSize, After = after }, cancellationToken);
            entries.AddRange(page.Items);
            after = page.Next;
            if (after is null)
            {
                break;
            }
        }

        // Of the time before the oldest change that was read, nothing is claimed.
        var drawn = after is null ? since : entries[^1].Time;
        var byWorker = entries.ToLookup(entry => entry.EntityId);
        _rows =
        [
            .. Workers.Select(worker =>
                new Row(worker, WorkerSpans.Of(byWorker[worker.Id], worker.Status, worker.Created, drawn, now))),
        ];
        (_since, _now, _isPartial) = (since, now, after is not null);
    }

    private static string Tone(WorkerSpan span) => span switch
    {
        { Status: null } => "unknown",
        { Status: "error" } => "fault",
        { IsOnline: true } => "online",
        _ => "offline",
    };

    private static string Words(WorkerSpan span) =>
        $"{span.Status ?? "not known"} for {Format.Duration(span.To - span.From)}, from {Format.Iso(span.From)}";

    private static string Share(Row row) =>
        WorkerSpans.Online(row.Spans) is { } share ? share.ToString("P0", CultureInfo.InvariantCulture) : "–";

    private static string Words(Row row) =>
        $"{row.Worker.Name}: online {Share(row)} of the time, {Format.Count(Math.Max(0, row.Spans.Count - 1), "change")}";

    private string X(DateTimeOffset at) => Number((at - _since) / (_now - _since) * Wide);

    // A moment away is seen as well.
    private string Width(WorkerSpan span) => Number(Math.Max(1, (span.To - span.From) / (_now - _since) * Wide));

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private sealed record Row(WorkerSummary Worker, IReadOnlyList<WorkerSpan> Spans);
}
