using System.Text.Json;
using Attune.Db.Histograms;
using Attune.Db.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Events.Ledger;

/// <summary>An event as a client sends it.</summary>
internal sealed record NewEventBody : IJsonBody<NewEventBody>
{
    public string? TriggerRef { get; init; }

    /// <summary>What the original calls <see cref="TriggerRef"/> as well.</summary>
    public string? TriggerType { get; init; }

    /// <summary>Left out is one thing, and null another.</summary>
    public JsonElement Payload { get; init; }

    /// <summary>As the <see cref="Payload"/>.</summary>
    public JsonElement Config { get; init; }

    public string? SourceRef { get; init; }

    /// <summary><c>rule_</c> and the id of the one rule that is to be asked.</summary>
    public string? TriggerInstanceId { get; init; }

    public static BodyLimit Limit(IServiceProvider services) =>
        new(services.GetRequiredService<IOptions<EventsOptions>>().Value.MaxPayloadBytes, EventsOptions.MaxPayloadBytesKey);

    /// <param name="target">The rule that <see cref="TriggerInstanceId"/> names.</param>
    /// <param name="key">The key that came with it.</param>
    public NewEvent ToEvent(RuleTarget? target, IdempotencyKey key) => new()
    {
        TriggerRef = TriggerRef ?? TriggerType ?? "",
        Payload = Payload.ValueKind == JsonValueKind.Undefined ? null : Payload,
        Config = Config.ValueKind == JsonValueKind.Undefined ? null : Config,
        SourceRef = SourceRef,
        Target = target,
        Key = key.Value,
        // A key that a client makes up must not be one that a timer or a webhook will have.
        KeySpace = $"api:{SourceRef}",
    };
}

/// <summary>Which events to list, as an address says it.</summary>
internal sealed record EventListQuery : EventFilterQuery, IQuery<EventListQuery>;

/// <summary>Which events to count, and how, as an address says it.</summary>
[WithoutPages]
internal sealed record EventHistogramQuery : EventFilterQuery, IQuery<EventHistogramQuery>
{
    public EventLabel By { get; init; }

    /// <summary>The most buckets.</summary>
    [Clamped(4, HistogramEdges.Most)]
    public int Buckets { get; init; } = 48;

    /// <summary>Where hours and days are those of the clock on the wall, by its IANA name.</summary>
    public string? Zone { get; init; }
}

/// <summary>The filters of a list of events.</summary>
internal abstract record EventFilterQuery : ListQuery
{
    public long? Trigger { get; init; }
    public string? TriggerRef { get; init; }
    public string? RuleRef { get; init; }
    public long? Source { get; init; }
    public string? SourceRef { get; init; }
    public long? ReplayOf { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }

    public EventFilter ToFilter() => new()
    {
        Trigger = Trigger,
        TriggerRef = TriggerRef,
        RuleRef = RuleRef,
        Source = Source,
        SourceRef = SourceRef,
        ReplayOf = ReplayOf,
        Since = Since,
        Until = Until,
    };
}
