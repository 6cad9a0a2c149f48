using System.Globalization;
using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Events;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements.Actions.Emitting;

/// <summary>
/// Writes an event of a trigger, so that rules build on rules. The event says which execution it came from, and how many such events led
/// to it.
/// </summary>
internal sealed class EmitEventAction(IEventLedger ledger, EventDepth depths, IOptions<EmitEventOptions> options)
    : IAction<EmitEventAction.Parameters, EmitEventAction.Emitted>
{
    public async Task<Emitted> RunAsync(Parameters parameters, ActionContext context, CancellationToken cancellationToken)
    {
        var depth = 1 + await depths.BehindAsync(context.EnforcementId, cancellationToken);
        if (depth > options.Value.MaxDepth)
        {
            throw new ActionFailedException(
                $"{depth - 1} events in a row were emitted by actions that the one before led to, and "
                    + $"{EmitEventOptions.Section}:{nameof(EmitEventOptions.MaxDepth)} allows no more: do these rules call each other in a circle?",
                mayRetry: false);
        }

        // The same key in every attempt, so that one whose answer was lost is not followed by a second event.
        var written = await ledger.AppendAsync(new NewEvent
        {
            TriggerRef = parameters.TriggerRef,
            Payload = parameters.Payload,
            Config = Config(context, depth),
            SourceRef = EventDepth.SourceRef,
            Key = parameters.Key is { Length: > 0 } key ? key : context.FirstExecutionId.ToString(CultureInfo.InvariantCulture),
            KeySpace = parameters.Key is { Length: > 0 } ? EventDepth.SourceRef : $"{EventDepth.SourceRef} execution",
        }, cancellationToken);
        return new(
            written.Id, written.Created, parameters.TriggerRef, written.IsDuplicate, depth, [.. written.Matched.Select(one => one.RuleRef)]);
    }

    private static JsonElement Config(ActionContext context, int depth) => JsonElement.Parse(RenderedJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        if (context.RuleRef is { } rule)
        {
            writer.WriteString("rule", rule);
        }

        if (context.EnforcementId is { } enforcement)
        {
            writer.WriteNumber("enforcement", enforcement);
        }

        writer.WriteNumber("execution", context.ExecutionId);
        writer.WriteNumber(EventDepth.Member, depth);
        writer.WriteEndObject();
    }));

    internal sealed record Parameters
    {
        public required string TriggerRef { get; init; }
        public JsonElement? Payload { get; init; }
        public string? Key { get; init; }
    }

    /// <param name="Event">The event's id.</param>
    /// <param name="Created">When it was written.</param>
    /// <param name="TriggerRef">Its trigger.</param>
    /// <param name="Duplicate">Whether it had been written before, by an earlier attempt or under the same key.</param>
    /// <param name="Depth">Which in a row of emitted events it is: 1 for the first.</param>
    /// <param name="Rules">The rules that matched; none for a duplicate.</param>
    internal sealed record Emitted(
        long Event, DateTimeOffset Created, string TriggerRef, bool Duplicate, int Depth, IReadOnlyList<string> Rules);
}
