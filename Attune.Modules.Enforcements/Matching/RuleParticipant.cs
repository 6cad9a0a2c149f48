using System.Runtime.InteropServices;
using System.Text.Json;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>
/// The rule engine's part in every append: the rules of each event are asked before its call is queued, and each match leaves one enforcement
/// in its transaction. No rule is asked there: when one has changed meanwhile, the call is sent back to ask that one.
/// </summary>
internal sealed class RuleParticipant(RuleCache cache, RuleEvaluator evaluator, DearLane lane, RuleFaults faults) : IAppendParticipant
{
    // What waits with less is bounded by the number of calls that are queued.
    private const long SmallBytes = 16 * 1024;

    public async ValueTask<object?> PrepareAsync(IReadOnlyList<NewEvent> events, object? earlier, CancellationToken cancellationToken)
    {
        var rules = await cache.GetAsync(Triggers(events.Select(one => one.TriggerRef), events.Count), cancellationToken);
        var before = earlier as PreparedCall;
        var prepared = new PreparedEvent[events.Count];
        for (var i = 0; i < prepared.Length; i++)
        {
            prepared[i] = await evaluator.EvaluateAsync(
                Facts(events[i]), Length(events[i].Payload), rules.Of(events[i].TriggerRef), before?.Events[i], cancellationToken);
        }

        var bytes = prepared.Sum(one => one.Matches.Sum(match => match.Bytes));
        var call = new PreparedCall(prepared) { HeldBytes = bytes > SmallBytes ? bytes : 0 };
        lane.Hold(call.HeldBytes);
        return call;
    }

    public long BytesOf(object prepared) => ((PreparedCall)prepared).HeldBytes;

    public void Release(object prepared)
    {
        var call = (PreparedCall)prepared;
        lane.Hold(-call.HeldBytes);
        call.HeldBytes = 0;
    }

    public async ValueTask<bool> RenewAsync(object prepared, AppendRenewal renewal, CancellationToken cancellationToken)
    {
        var events = ((PreparedCall)prepared).Events;
        var rules = await cache.GetAsync(
            renewal.Connection, renewal.RuleEpoch, Triggers(events.Select(one => one.TriggerRef), events.Count), cancellationToken);
        foreach (var one in events)
        {
            var now = rules.Of(one.TriggerRef);
            if (!ReferenceEquals(now, one.Asked))
            {
                var difference = RuleDifference.Between(one.Asked, now);
                if (difference.Added.Count > 0)
                {
                    return false;
                }

                one.Keep(now, difference);
            }
        }

        return true;
    }

    public async Task<IReadOnlyList<IReadOnlyList<MatchedRule>>> AppendingAsync(AppendContext context, CancellationToken cancellationToken)
    {
        var matches = new List<EnforcementMatch>();
        for (var index = 0; index < context.Events.Count; index++)
        {
            var (prepared, place) = context.Prepared[index];
            Finish(((PreparedCall)prepared!).Events[place], index, context, matches);
        }

        matches = await RuleWindows.PassAsync(context, matches, cancellationToken);
        var answers = new List<MatchedRule>?[context.Events.Count];
        if (matches.Count > 0)
        {
            var ids = await EnforcementWriter.WriteAsync(context, matches, cancellationToken);
            for (var i = 0; i < matches.Count; i++)
            {
                (answers[matches[i].Index] ??= []).Add(new(matches[i].Rule.Ref, matches[i].Rule.Version, ids[i]) { Shadow = matches[i].Rule.Shadow });
            }
        }

        return [.. answers.Select(answer => answer ?? (IReadOnlyList<MatchedRule>)[])];
    }

    private void Finish(PreparedEvent prepared, int index, AppendContext context, List<EnforcementMatch> matches)
    {
        var written = context.Events[index];
        foreach (var (rule, match, _) in prepared.Matches)
        {
            try
            {
                if (match.Finish(written.Id, context.Created, new(EvaluationBudget.MostSteps, CancellationToken.None)) is { } config)
                {
                    matches.Add(new(index, rule.Stored, match, written, config));
                }
            }
            catch (Exception error) when (CachedRule.IsFault(error))
            {
                // Everybody's events are in this transaction: one rule's fault must not undo them.
                Report(context, new(rule, error.Message), written);
            }
        }

        prepared.Faults.ForEach(fault => Report(context, fault, written));
    }

    private void Report(AppendContext context, CachedFault fault, WrittenEvent written) => context.WhenCommitted(
        () => faults.Report(fault.Rule.Stored.Id, fault.Rule.Stored.Version, fault.Reason, written.Id, context.Created));

    private static IReadOnlyCollection<string> Triggers(IEnumerable<string> triggers, int count) =>
        count == 1 ? [triggers.First()] : triggers.ToHashSet(StringComparer.Ordinal);

    private static long Length(JsonElement? payload) =>
        payload is { ValueKind: not JsonValueKind.Undefined } json ? JsonMarshal.GetRawUtf8Value(json).Length : 0;

    private static EventFacts Facts(NewEvent given) => new()
    {
        TriggerRef = given.TriggerRef,
        Payload = given.Payload,
        Config = given.Config,
        SourceRef = given.SourceRef,
        Target = given.Target,
        OnlyRules = given.OnlyRules,
    };
}

/// <summary>A rule matched an event: an enforcement that is not written yet.</summary>
/// <param name="Index">The number of the event in its transaction.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Match">What it made of the event.</param>
/// <param name="Written">The event.</param>
/// <param name="Config">The action's parameters, as JSON.</param>
internal readonly record struct EnforcementMatch(int Index, StoredRule Rule, PreparedMatch Match, WrittenEvent Written, byte[] Config);
