using System.Text.Json;
using Attune.Modules.History;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Executions;

/// <summary>The statuses that an execution has been through, each with its time and the time since the one before.</summary>
public sealed partial class Timeline
{
    private IReadOnlyList<Step> _steps = [];

    /// <summary>The changes, newest first.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<HistoryEntry> Entries { get; set; }

    /// <summary>False while more can follow.</summary>
    [Parameter, EditorRequired]
    public required bool IsFinal { get; set; }

    protected override void OnParametersSet()
    {
        var steps = new List<Step>();
        foreach (var entry in Entries.Reverse())
        {
            if (Status(entry) is { } status)
            {
                steps.Add(new()
                {
                    Name = Name(status), Tone = Statuses.Execution(status) is { } known ? Statuses.Tone(known) : Tone.Neutral,
                    At = entry.Time, After = steps.Count == 0 ? null : entry.Time - steps[^1].At,
                });
            }
        }

        if (!IsFinal && steps.Count > 0)
        {
            steps.Add(new() { Name = "In progress", At = steps[^1].At, IsGoing = true });
        }

        _steps = steps;
    }

    private static string? Status(HistoryEntry entry) =>
        entry.Operation != "DELETE"
        && entry.NewValues is { ValueKind: JsonValueKind.Object } values
        && values.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String
            ? status.GetString()
            : null;

    private static string Name(string status) => Statuses.Execution(status)?.ToString() ?? status;
}
