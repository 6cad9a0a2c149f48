using System.Globalization;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Events.Ledger;

internal static class EventsApi
{
    private const string TargetPrefix = "rule_";
    private const string KeyHeader = "Idempotency-Key";

    public static async Task<Results<Created<Envelope<Event>>, Ok<Envelope<Event>>>> AppendAsync(
        HttpRequest request, IEventLedger ledger, IEventRepository events, IOptions<EventsOptions> options, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadObjectAsync(
            request, options.Value.MaxPayloadBytes, EventsOptions.MaxPayloadBytesKey, cancellationToken);
        var sourceRef = body.Text("source_ref");
        var given = new NewEvent
        {
            TriggerRef = body.Text("trigger_ref") ?? body.Text("trigger_type") ?? "",
            Payload = body.Value("payload"),
            Config = body.Value("config"),
            SourceRef = sourceRef,
            Target = await TargetAsync(body.Text("trigger_instance_id"), request.HttpContext.RequestServices, cancellationToken),
            Key = Key(request),
            // A key that a client makes up must not be one that a timer or a webhook will have.
            KeySpace = $"api:{sourceRef}",
        };
        var written = await ledger.AppendAsync(given, cancellationToken);

        // Not read back: the event is written, and an answer that fails now would have it sent again.
        var answer = new Event
        {
            Id = written.Id,
            Trigger = written.Trigger,
            TriggerRef = given.TriggerRef,
            Config = given.Config,
            Payload = given.Payload,
            SourceRef = given.SourceRef,
            Rule = given.Target?.Id,
            RuleRef = given.Target?.Ref,
            Created = written.Created,
        };
        if (written.IsDuplicate)
        {
            var earlier = await events.FindAsync(written.Id, cancellationToken) ?? answer;
            return TypedResults.Ok(new Envelope<Event>(earlier, IsSame(earlier, given)
                ? "An event with this key was written before"
                : "Another event with this key was written before: it is the one shown here, and nothing was written now"));
        }

        return TypedResults.Created($"/api/v1/events/{written.Id}", new Envelope<Event>(answer, "Event created successfully"));
    }

    public static async Task<Listing<EventSummary>> ListAsync(
        PageQuery page, HttpRequest request, IEventRepository events, CancellationToken cancellationToken)
    {
        var filter = new EventFilter
        {
            Trigger = QueryValues.Number(request, "trigger"),
            TriggerRef = QueryValues.Text(request, "trigger_ref"),
            RuleRef = QueryValues.Text(request, "rule_ref"),
            Source = QueryValues.Number(request, "source"),
            SourceRef = QueryValues.Text(request, "source_ref"),
            Since = QueryValues.Instant(request, "since"),
            Until = QueryValues.Instant(request, "until"),
        };
        return page.Listing(await events.ListAsync(filter, page.Request, cancellationToken));
    }

    public static async Task<Envelope<Event>> FindAsync(
        [FromRoute(Name = "id")] string text, IEventRepository events, CancellationToken cancellationToken)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
        {
            throw new RefusedException(RefusalKind.Malformed, "id", "id must be a whole number.");
        }

        return new(await events.FindAsync(id, cancellationToken)
            ?? throw RefusedException.NotFound($"Event with ID {id} not found"));
    }

    private static bool IsSame(Event earlier, NewEvent given) =>
        earlier.TriggerRef == given.TriggerRef
        && earlier.Rule == given.Target?.Id
        && IsSame(earlier.Payload, given.Payload)
        && IsSame(earlier.Config, given.Config);

    private static bool IsSame(JsonElement? earlier, JsonElement? given) => (earlier, given) switch
    {
        ({ } one, { } other) => JsonElement.DeepEquals(one, other),
        _ => earlier is null && given is null,
    };

    private static string? Key(HttpRequest request)
    {
        var given = request.Headers[KeyHeader];
        if (given.Count > 1)
        {
            throw new RefusedException(RefusalKind.Malformed, KeyHeader, $"{KeyHeader} must be given once.");
        }

        var key = given.ToString().Trim();
        if (given.Count == 1 && key.Length == 0)
        {
            // Whoever sends it means to be safe against writing twice, and would not be.
            throw RefusedException.Invalid(KeyHeader, $"{KeyHeader} must not be empty.");
        }

        StorableText.CheckName(key, KeyHeader);
        return given.Count == 0 ? null : key;
    }

    private static async Task<RuleTarget?> TargetAsync(string? instance, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (instance is null)
        {
            return null;
        }

        if (!instance.StartsWith(TargetPrefix, StringComparison.Ordinal)
            || !long.TryParse(instance[TargetPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            throw RefusedException.Invalid("trigger_instance_id", $"trigger_instance_id must be {TargetPrefix} and the id of a rule.");
        }

        var found = services.GetService<IRuleTargets>() is { } rules ? await rules.FindAsync(id, cancellationToken) : null;
        return found ?? throw RefusedException.Invalid("trigger_instance_id", $"There is no rule with ID {id}.");
    }
}
