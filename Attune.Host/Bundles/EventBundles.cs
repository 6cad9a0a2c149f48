using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Modules.History;

namespace Attune.Host.Bundles;

/// <summary>
/// Writes what is known of an event: the event, its enforcements with the version of the rule and the executions of each, what the
/// executions went through and said, and why each rule of the trigger matched or not. It is written as it is read, and each part has a bound.
/// A pin keeps the same document.
/// </summary>
internal sealed class EventBundles(
    IEventRepository events, IEnforcementRepository enforcements, IExecutionRepository executions, IRuleRepository rules,
    IExecutionLog log, IHistoryRepository history, IRuleExplainer explainer, IParameterSecrets parameterSecrets, TimeProvider clock) : IEventBundles
{
    /// <summary>The most enforcements; an event that more rules matched is cut short, and says so.</summary>
    public const int MostEnforcements = 200;

    /// <summary>The most executions of an enforcement, and entries of an execution's history.</summary>
    public const int MostEach = PageRequest.MaxSize;

    /// <summary>The most rules that are explained.</summary>
    public const int MostRules = 100;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = Compact with { Indented = true };

    // Rows are written after the ones they refer to; a day lies between only when clocks or importers are odd.
    private static readonly TimeSpan Slack = TimeSpan.FromDays(1);

    public Task WriteAsync(Event found, Stream stream, CancellationToken cancellationToken) =>
        WriteAsync(found, stream, Indented, cancellationToken);

    public Task<bool> CopyAsync(Event found, Stream stream, CancellationToken cancellationToken) =>
        WriteAsync(found, stream, Compact, cancellationToken);

    /// <summary>Writes a copy that was kept as it would have been written then.</summary>
    public static async Task WriteAsync(JsonElement bundle, Stream stream, CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(stream, Indented);
        bundle.WriteTo(writer);
        await writer.FlushAsync(cancellationToken);
    }

    private async Task<bool> WriteAsync(Event found, Stream stream, JsonWriterOptions options, CancellationToken cancellationToken)
    {
        // What serializes flushes its writer, and a pipe that is flushed so waits for nothing: only FlushAsync sends.
        var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await using var writer = new Utf8JsonWriter(pipe, options);
        var reading = new Reading { IsOver = true };
        writer.WriteStartObject();
        writer.WriteString("format", "attune.event_bundle/1");
        Write(writer, "made_at", clock.GetUtcNow());
        Write(writer, "event", found with
        {
            Config = ParameterSecrets.ByName.Hide(found.Config), Payload = ParameterSecrets.ByName.Hide(found.Payload),
        });
        var replays = await events.ListAsync(
            new() { ReplayOf = found.Id, Since = found.Created - Slack }, new() { Size = MostEach }, cancellationToken);
        Write(writer, "replays", replays.Items);
        await SendAsync(writer, pipe, cancellationToken);

        writer.WriteStartArray("enforcements");
        reading.IsCut = replays.Next is not null;
        var written = 0;
        Cursor? after = null;
        do
        {
            var page = await enforcements.ListAsync(
                new() { Event = found.Id, Since = found.Created - Slack }, new() { Size = MostEach, After = after }, cancellationToken);
            foreach (var one in page.Items)
            {
                await WriteAsync(writer, one, reading, cancellationToken);
                await SendAsync(writer, pipe, cancellationToken);
            }

            written += page.Items.Count;
            after = page.Next;
        }
        while (after is not null && written < MostEnforcements);

        writer.WriteEndArray();
        var explained = await explainer.ExplainRulesAsync(found.Id, MostRules, cancellationToken);
        Write(writer, "explanation", explained);
        reading.IsCut |= after is not null || explained?.Rules.Count < explained?.Total || explained?.HasMore == true;
        writer.WriteBoolean("is_cut_short", reading.IsCut);
        writer.WriteEndObject();
        await SendAsync(writer, pipe, cancellationToken);
        await pipe.CompleteAsync();
        return reading.IsOver;
    }

    private static async Task SendAsync(Utf8JsonWriter writer, PipeWriter pipe, CancellationToken cancellationToken)
    {
        await writer.FlushAsync(cancellationToken);
        await pipe.FlushAsync(cancellationToken);
    }

    private async Task WriteAsync(
        Utf8JsonWriter writer, EnforcementSummary summary, Reading reading, CancellationToken cancellationToken)
    {
        reading.IsOver &= summary.Status != EnforcementStatus.Created;
        var version = summary is { Rule: { } rule, RuleVersion: { } number }
            ? await rules.FindVersionAsync(rule, number, cancellationToken)
            : null;
        var page = await executions.ListAsync(
            new() { Enforcement = summary.Id, Since = summary.Created - Slack }, new() { Size = MostEach }, cancellationToken);
        var secrets = await SecretsAsync(version?.ActionRef ?? (page.Items.Count > 0 ? page.Items[0].ActionRef : null), reading, cancellationToken);
        var whole = await enforcements.FindAsync(summary.Id, cancellationToken);
        writer.WriteStartObject();
        Write(writer, "enforcement", summary);
        Write(writer, "config", secrets.Hide(whole?.Config));
        Write(writer, "pending_reason", whole?.PendingReason);
        Write(writer, "rule_version", version is null ? null : version with
        {
            TriggerParams = ParameterSecrets.ByName.Hide(version.TriggerParams)!.Value, ActionParams = secrets.Hide(version.ActionParams)!.Value,
        });
        writer.WriteStartArray("executions");
        reading.IsCut |= page.Next is not null;
        foreach (var one in page.Items)
        {
            await WriteAsync(writer, one, reading, cancellationToken);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private async Task WriteAsync(
        Utf8JsonWriter writer, ExecutionSummary summary, Reading reading, CancellationToken cancellationToken)
    {
        // By the list: whatever follows an execution that is over there, such as another attempt, is in the same list.
        reading.IsOver &= IsOver(summary.Status);
        if (await executions.FindAsync(summary.Id, cancellationToken) is not { } found)
        {
            return;
        }

        var secrets = await SecretsAsync(found.ActionRef, reading, cancellationToken);
        var changes = await history.ListAsync(
            HistoryEntityType.Execution, new() { EntityId = found.Id, Since = found.Created - Slack }, new() { Size = MostEach },
            cancellationToken);
        writer.WriteStartObject();
        Write(writer, "execution", found with { Config = secrets.Hide(found.Config), Result = secrets.Hide(found.Result) });
        Write(writer, "history", changes.Items);
        Write(writer, "log", await log.ReadAsync(found.Id, after: 0, cancellationToken) ?? []);
        writer.WriteEndObject();
        reading.IsCut |= changes.Next is not null;
    }

    private async Task<ParameterSecrets> SecretsAsync(
        string? action, Reading reading, CancellationToken cancellationToken)
    {
        if (action is null || !reading.Secrets.TryGetValue(action, out var secrets))
        {
            secrets = await parameterSecrets.OfAsync(action, cancellationToken);
            if (action is not null)
            {
                reading.Secrets[action] = secrets;
            }
        }

        return secrets;
    }

    private static void Write<T>(Utf8JsonWriter writer, string name, T value)
    {
        writer.WritePropertyName(name);
        JsonSerializer.Serialize(writer, value, Json.Options);
    }

    private static bool IsOver(ExecutionStatus status) => status is ExecutionStatus.Completed or ExecutionStatus.Failed
        or ExecutionStatus.Timeout or ExecutionStatus.Cancelled or ExecutionStatus.Abandoned;

    /// <summary>What is known of a bundle while it is written.</summary>
    private sealed class Reading
    {
        public Dictionary<string, ParameterSecrets> Secrets { get; } = new(StringComparer.Ordinal);

        public bool IsCut { get; set; }

        public bool IsOver { get; set; }
    }
}
