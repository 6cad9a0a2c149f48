using System.Globalization;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Events;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements.Again;

internal sealed class EventReplays(
    IEventRepository events, IEventLedger ledger, ReplayRules rules, IOptions<EventsOptions> options, TimeProvider clock) : IEventReplays
{
    private const string ChangedMark = "payload_changed";

    public async Task<ReplayedEvent?> ReplayAsync(long id, EventReplay replay, CancellationToken cancellationToken)
    {
        if (await events.FindAsync(id, cancellationToken) is not { } original)
        {
            return null;
        }

        if (replay.Rules is { } chosen)
        {
            ReplayRules.CheckAsked(chosen, await rules.ChosenAsync(chosen, original.TriggerRef, cancellationToken));
        }

        var again = Again(original, replay);
        var written = await ledger.AppendAsync(again, cancellationToken);

        // Not read back: the event is written, and an answer that fails now would have it sent again.
        var shown = Event.Of(again, written);
        return new(written.IsDuplicate ? await events.FindAsync(written.Id, cancellationToken) ?? shown : shown, written);
    }

    public async Task<ReplayTrial?> TryAsync(long id, EventReplay replay, CancellationToken cancellationToken)
    {
        if (await events.FindAsync(id, cancellationToken) is not { } original)
        {
            return null;
        }

        var again = Again(original, replay);
        if (replay.Payload is { } payload)
        {
            StorableJson.CheckPayload(payload, "payload", options.Value.MaxPayloadBytes, EventsOptions.MaxPayloadBytesKey);
        }

        var facts = new EventFacts
        {
            TriggerRef = again.TriggerRef,
            Payload = again.Payload,
            Config = again.Config,
            SourceRef = again.SourceRef,
            Target = again.Target,
            OnlyRules = again.OnlyRules,
        };
        var asked = replay.Rules is { } chosen
            ? await rules.ChosenAsync(chosen, original.TriggerRef, cancellationToken)
            : await rules.OfTriggerAsync(original.TriggerRef, cancellationToken);
        if (asked.Count > ReplayTrial.MostRules)
        {
            throw RefusedException.Invalid("rules", string.Create(
                CultureInfo.InvariantCulture, $"More than {ReplayTrial.MostRules} rules would be asked: name those that matter."));
        }

        var trial = new RuleTrial(facts, clock.GetUtcNow(), cancellationToken);
        return new()
        {
            Event = original.Id,
            TriggerRef = original.TriggerRef,
            TriggerEnabled = await rules.IsTriggerEnabledAsync(original.TriggerRef, cancellationToken),
            PayloadChanged = IsChanged(original, replay),
            Rules = [.. asked.Where(rule => facts.Asks(rule.Id, rule.Ref)).Select(trial.Ask)],
        };
    }

    private static NewEvent Again(Event original, EventReplay replay)
    {
        var isChanged = IsChanged(original, replay);
        return new()
        {
            TriggerRef = original.TriggerRef,
            Payload = isChanged ? replay.Payload : original.Payload,
            Config = isChanged ? Marked(original.Config) : original.Config,
            Source = original.Source,
            SourceRef = original.SourceRef,
            Target = replay.Rules is null && original.Rule is { } rule ? new(rule, original.RuleRef ?? "") : null,
            OnlyRules = replay.Rules?.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray() ?? original.OnlyRules,
            ReplayOf = original.Id,
            JobItem = replay.JobItem,
            Key = replay.Key,
            KeySpace = string.Create(CultureInfo.InvariantCulture, $"replay:{original.Id}"),
        };
    }

    private static bool IsChanged(Event original, EventReplay replay) =>
        replay.Payload is { ValueKind: not JsonValueKind.Undefined } given
        && !(original.Payload is { } before && JsonElement.DeepEquals(before, given));

    // One that is no object has no place for it, and stays as it is.
    private static JsonElement? Marked(JsonElement? config) =>
        config is { ValueKind: not JsonValueKind.Object }
            ? config
            : JsonElement.Parse(RenderedJson.Bytes(writer =>
            {
                writer.WriteStartObject();
                foreach (var field in config is { } given ? given.EnumerateObject() : default)
                {
                    if (field.Name != ChangedMark)
                    {
                        field.WriteTo(writer);
                    }
                }

                writer.WriteBoolean(ChangedMark, true);
                writer.WriteEndObject();
            }), Json.DocumentOptions);
}
