using System.Text.Json;
using Attune.Modules.History;

namespace Attune.Web.Pages.Workers;

/// <summary>How long a worker had a status.</summary>
/// <param name="Status">The status; null for what is not known.</param>
/// <param name="From">When it began, or the range does.</param>
/// <param name="To">When it ended, or the range does.</param>
public sealed record WorkerSpan(string? Status, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Whether the worker was there.</summary>
    public bool IsOnline => Status is "active" or "busy" or "idle";
}

/// <summary>Makes time lines of what was recorded of workers.</summary>
public static class WorkerSpans
{
    private const string StatusField = "status";

    /// <summary>The statuses of a worker one after the other, from the beginning of a range to its end.</summary>
    /// <param name="entries">What was recorded of the worker within the range, in any order.</param>
    /// <param name="current">Its status now.</param>
    /// <param name="created">When it was first registered.</param>
    /// <param name="since">Where the range begins.</param>
    /// <param name="now">Where it ends.</param>
    public static IReadOnlyList<WorkerSpan> Of(
        IEnumerable<HistoryEntry> entries, string current, DateTimeOffset created, DateTimeOffset since, DateTimeOffset now)
    {
        var changes = entries
            .Where(entry => entry.Operation == "INSERT" || entry.ChangedFields.Contains(StatusField))
            .OrderBy(entry => entry.Time).ThenBy(entry => entry.Sequence)
            .ToList();
        var spans = new List<WorkerSpan>();
        var at = created > since ? created : since;
        var status = changes is [var first, ..] ? first.Operation == "INSERT" ? null : Text(first.OldValues) : current;
        foreach (var change in changes)
        {
            Add(change.Time);
            status = Text(change.NewValues) ?? status;
        }

        Add(now);
        return spans;

        void Add(DateTimeOffset until)
        {
            if (until <= at)
            {
                return;
            }

            if (spans is [.., var last] && last.Status == status)
            {
                spans[^1] = last with { To = until };
            }
            else
            {
                spans.Add(new(status, at, until));
            }

            at = until;
        }
    }

    /// <summary>How much of the known time the worker was there, 0 to 1; null where nothing is known.</summary>
    public static double? Online(IReadOnlyList<WorkerSpan> spans)
    {
        var known = spans.Where(span => span.Status is not null).Sum(span => (span.To - span.From).TotalSeconds);
        return known <= 0 ? null : spans.Where(span => span.IsOnline).Sum(span => (span.To - span.From).TotalSeconds) / known;
    }

    private static string? Text(JsonElement? values) =>
        values is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(StatusField, out var status)
            && status.ValueKind == JsonValueKind.String ? status.GetString() : null;
}
