using System.Text.Json;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Modules.History;
using Microsoft.Extensions.Logging.Abstractions;

namespace Attune.Tests.Web.Fakes;

/// <summary>
/// What the pages are drawn from, in memory. It knows no rules: a test adds the rows it wants to see, and says when they change.
/// </summary>
public sealed class FakeAttune
{
    private long _last = 100;

    public FakeAttune(TimeProvider clock)
    {
        Clock = clock;
        Hub = new ChangeHub(TimeProvider.System, NullLogger<ChangeHub>.Instance);
        Hub.SetConnected(true);
    }

    public Lock Gate { get; } = new();

    public TimeProvider Clock { get; }

    public ChangeHub Hub { get; }

    public Dictionary<long, Event> Events { get; } = [];

    public Dictionary<long, Enforcement> Enforcements { get; } = [];

    public Dictionary<long, Execution> Executions { get; } = [];

    public List<HistoryEntry> History { get; } = [];

    public Dictionary<string, Rule> Rules { get; } = [];

    public List<RuleVersion> Versions { get; } = [];

    public Dictionary<string, Trigger> Triggers { get; } = [];

    /// <summary>The settings of webhooks, with their secrets.</summary>
    public Dictionary<string, JsonElement> Settings { get; } = [];

    public List<DeliveryDetail> Deliveries { get; } = [];

    public List<Pack> Packs { get; } = [];

    public List<Modules.Enforcements.Action> Actions { get; } = [];

    public List<Worker> Workers { get; } = [];

    public Dictionary<(VolumeSeries Series, DateTimeOffset Hour, string? Label), long> Volumes { get; } = [];

    public List<NewEvent> Appended { get; } = [];

    public static JsonElement Json(string json) => JsonSerializer.Deserialize<JsonElement>(json, Attune.Db.Json.Options);

    public long NextId() => Interlocked.Increment(ref _last);

    public void Publish(string channel, string entity, long id, long? ofEvent = null, long? enforcement = null, string? status = null) =>
        Hub.Publish(new Change
        {
            Channel = channel, EntityType = entity, Id = id, Event = ofEvent, Enforcement = enforcement, Status = status,
        });

    public Event AddEvent(string triggerRef = "core.webhook", string? payload = null, string? config = null, DateTimeOffset? created = null,
        string? source = null, string? ruleRef = null)
    {
        var added = new Event
        {
            Id = NextId(),
            TriggerRef = triggerRef,
            Trigger = 1,
            Payload = payload is null ? null : Json(payload),
            Config = config is null ? null : Json(config),
            SourceRef = source,
            RuleRef = ruleRef,
            Created = created ?? Clock.GetUtcNow(),
        };
        lock (Gate)
        {
            Events[added.Id] = added;
            Count(VolumeSeries.Events, added.Created, null);
        }

        Hub.Publish(new Change { Channel = Channels.EventCreated, EntityType = "event", Id = added.Id, TriggerRef = triggerRef });
        return added;
    }

    public Enforcement AddEnforcement(
        Event? source = null, long? eventId = null, string ruleRef = "core.heartbeat", string conditions = "[]", string? config = null,
        string? pendingReason = null, ConditionJoin join = ConditionJoin.All)
    {
        var added = new Enforcement
        {
            Id = NextId(),
            Rule = 7,
            RuleRef = ruleRef,
            RuleVersion = 2,
            TriggerRef = source?.TriggerRef ?? "core.webhook",
            Event = source?.Id ?? eventId,
            Status = EnforcementStatus.Created,
            Payload = source?.Payload ?? Json("{}"),
            Config = config is null ? null : Json(config),
            Condition = join,
            Conditions = Json(conditions),
            Created = source?.Created ?? Clock.GetUtcNow(),
            PendingReason = pendingReason,
        };
        lock (Gate)
        {
            Enforcements[added.Id] = added;
            Count(VolumeSeries.Enforcements, added.Created, null);
        }

        Hub.Publish(new Change
        {
            Channel = Channels.EnforcementCreated, EntityType = "enforcement", Id = added.Id, Event = added.Event, RuleRef = ruleRef,
            TriggerRef = added.TriggerRef, Status = "created",
        });
        return added;
    }

    public void Resolve(long id, EnforcementStatus status = EnforcementStatus.Processed, DateTimeOffset? at = null)
    {
        Enforcement resolved;
        lock (Gate)
        {
            Enforcements[id] = resolved = Enforcements[id] with
            {
                Status = status, ResolvedAt = at ?? Clock.GetUtcNow(), PendingReason = null,
            };
        }

        Hub.Publish(new Change
        {
            Channel = Channels.EnforcementStatusChanged, EntityType = "enforcement", Id = id, Event = resolved.Event,
            RuleRef = resolved.RuleRef, TriggerRef = resolved.TriggerRef,
        });
    }

    public Execution AddExecution(Enforcement? enforcement = null, string actionRef = "core.echo", long? enforcementId = null)
    {
        var now = Clock.GetUtcNow();
        var added = new Execution
        {
            Id = NextId(), ActionRef = actionRef, Action = 1, Config = enforcement?.Config, Enforcement = enforcement?.Id ?? enforcementId,
            RuleRef = enforcement?.RuleRef, TriggerRef = enforcement?.TriggerRef, Status = ExecutionStatus.Requested,
            RetryCount = 0, LostCount = 0, Created = now, Updated = now,
        };
        lock (Gate)
        {
            Executions[added.Id] = added;
            Count(VolumeSeries.ExecutionThroughput, now, null);
            History.Add(new HistoryEntry
            {
                Time = now, Sequence = NextId(), Operation = "INSERT", EntityId = added.Id, EntityRef = actionRef, ChangedFields = [],
                NewValues = Json($$"""{"status": "requested", "action_ref": "{{actionRef}}", "parent": null}"""),
            });
        }

        Publish(added, Channels.ExecutionCreated);
        return added;
    }

    public void Advance(long id, ExecutionStatus status, string? result = null, long? worker = null)
    {
        Execution changed;
        lock (Gate)
        {
            var old = Executions[id];
            var now = Clock.GetUtcNow();
            Executions[id] = changed = old with
            {
                Status = status, Updated = now, Worker = worker ?? old.Worker,
                StartedAt = status == ExecutionStatus.Running ? now : old.StartedAt,
                Result = result is null ? old.Result : Json(result),
            };
            string[] fields = result is null ? ["status"] : ["status", "result"];
            var digest = result is null ? "" : $$""", "result": {"digest": "md5:0", "size": {{result.Length}}, "type": "object"}""";
            History.Add(new HistoryEntry
            {
                Time = now, Sequence = NextId(), Operation = "UPDATE", EntityId = id, EntityRef = old.ActionRef, ChangedFields = fields,
                OldValues = Json($$"""{"status": "{{Name(old.Status)}}"{{(result is null ? "" : ", \"result\": null")}}}"""),
                NewValues = Json($$"""{"status": "{{Name(status)}}"{{digest}}}"""),
            });
            Count(VolumeSeries.ExecutionStatus, now, Name(status));
        }

        Publish(changed, Channels.ExecutionStatusChanged);
    }

    private static string Name(ExecutionStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private void Publish(Execution execution, string channel) => Hub.Publish(new Change
    {
        Channel = channel, EntityType = "execution", Id = execution.Id, Enforcement = execution.Enforcement,
        ActionRef = execution.ActionRef, RuleRef = execution.RuleRef, TriggerRef = execution.TriggerRef,
    });

    private void Count(VolumeSeries series, DateTimeOffset at, string? label)
    {
        var hour = new DateTimeOffset(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero);
        Volumes[(series, hour, label)] = Volumes.GetValueOrDefault((series, hour, label)) + 1;
    }
}
