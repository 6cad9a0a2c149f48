using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>What was kept of a pinned event whose rows have expired.</summary>
public sealed partial class KeptEvent
{
    private PinnedEvent? _read;
    private bool _isWhole;

    [Parameter, EditorRequired]
    public required PinnedEvent Kept { get; set; }

    /// <summary>Whether the form of its note is open.</summary>
    [Parameter]
    public bool IsOpen { get; set; }

    /// <summary>Called when the note was changed, or the copy deleted.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    private PinnedEventSummary Pin => Kept.Pin;

    private IReadOnlyList<KeptStep> Steps { get; set; } = [];

    private string? Source { get; set; }

    private JsonElement? Payload { get; set; }

    private JsonElement? Config { get; set; }

    // The copy may be older than today's records: what it does not have is left out.
    protected override void OnParametersSet()
    {
        if (ReferenceEquals(_read, Kept))
        {
            return;
        }

        _read = Kept;
        var copy = Of(Kept.Bundle, "event");
        (Source, Payload, Config) = (Text(copy, "source_ref"), Of(copy, "payload"), Of(copy, "config"));
        Steps = [.. Items(Kept.Bundle, "enforcements").Select(Step)];
    }

    private static KeptStep Step(JsonElement one)
    {
        var enforcement = Of(one, "enforcement");
        return new(
            Number(enforcement, "id"), Text(enforcement, "rule_ref") ?? "?", Number(enforcement, "rule_version"),
            EnumNames.Find<EnforcementStatus>(Text(enforcement, "status") ?? "") ?? EnforcementStatus.Created,
            Of(enforcement, "shadow") is { ValueKind: JsonValueKind.True },
            [.. Items(one, "executions").Select(Execution)]);
    }

    private static KeptExecution Execution(JsonElement one)
    {
        var execution = Of(one, "execution");
        return new(
            Number(execution, "id"), Text(execution, "action_ref") ?? "?",
            EnumNames.Find<ExecutionStatus>(Text(execution, "status") ?? "") ?? ExecutionStatus.Abandoned,
            Text(Of(execution, "result"), "error"));
    }

    private static JsonElement? Of(JsonElement? from, string name) =>
        from is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static string? Text(JsonElement? from, string name) =>
        Of(from, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long Number(JsonElement? from, string name) =>
        Of(from, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : 0;

    private static IEnumerable<JsonElement> Items(JsonElement from, string name) =>
        Of(from, name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    private sealed record KeptStep(
        long Id, string Rule, long Version, EnforcementStatus Status, bool IsShadow, IReadOnlyList<KeptExecution> Executions)
    {
        public bool HasFailed => Executions.Count > 0 && Executions.All(one => Statuses.HasFailed(one.Status));
    }

    private sealed record KeptExecution(long Id, string Action, ExecutionStatus Status, string? Error);
}
