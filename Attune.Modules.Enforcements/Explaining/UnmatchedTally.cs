using System.Runtime.InteropServices;
using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>Counts what one rule has against events.</summary>
internal sealed class UnmatchedTally(AskedRule asked)
{
    private const int MostSamples = 3;
    private const int LongestActual = 4 * 1024;

    private readonly Dictionary<int, Counted> _conditions = [];
    private long _wouldMatch;
    private long _byOne;

    public bool ReadsOutside => asked.Compiled?.Conditions.ReadsOutside == true;

    public void Count(ScannedEvent scanned)
    {
        if (asked.Compiled is not { } rule || !new TriedRule(rule).IsAsked(scanned))
        {
            return;
        }

        try
        {
            Count(rule, scanned);
        }
        catch (Exception error) when (CompiledRule.IsFault(error))
        {
            // Too dear for this event: the rule's own page tells of its faults.
        }
    }

    public UnmatchedRule Report() => new()
    {
        RuleRef = asked.Text.Ref,
        RuleVersion = asked.Text.Version,
        Condition = asked.Text.Condition,
        WouldMatchNow = _wouldMatch,
        ByOne = _byOne,
        Fault = asked.Fault,
        Conditions =
        [
            .. _conditions.OrderByDescending(one => one.Value.Events).ThenBy(one => one.Key).Select(one => new UnmatchedCondition
            {
                Index = one.Key,
                Text = asked.Compiled!.Conditions.TextOf(one.Key),
                Events = one.Value.Events,
                Alone = one.Value.Alone,
                Unknown = one.Value.Unknown,
                Samples = [.. one.Value.Samples],
            }),
        ],
    };

    private void Count(CompiledRule rule, ScannedEvent scanned)
    {
        var context = TriedRule.Context(scanned);
        var isAny = rule.Conditions.JoinedBy == ConditionJoin.Any;
        var failing = new List<(int Index, Verdict Verdict)>();
        foreach (var (index, item) in rule.Conditions.Items.Index())
        {
            var verdict = item.Evaluate(context) ?? Verdict.Unknown;
            if (verdict != Verdict.True)
            {
                failing.Add((index, verdict));
            }
            else if (isAny)
            {
                // One is enough, and the others may be dear.
                failing.Clear();
                break;
            }
        }

        if (failing.Count == 0)
        {
            _wouldMatch++;
            return;
        }

        var isAlone = failing.Count == 1;
        _byOne += isAlone ? 1 : 0;
        foreach (var (index, verdict) in failing)
        {
            var counted = CollectionsMarshal.GetValueRefOrAddDefault(_conditions, index, out _) ??= new();
            counted.Events++;
            counted.Alone += isAlone ? 1 : 0;
            counted.Unknown += verdict == Verdict.Unknown ? 1 : 0;
            if (counted.Samples.Count < MostSamples)
            {
                var tested = rule.Conditions.Items[index].Explain(TriedRule.Context(scanned));
                counted.Samples.Add(new(scanned.Id, scanned.Created, index, tested with { Actual = Copy(tested.Actual) }));
            }
        }
    }

    // A part of a payload would keep the whole of it in memory.
    private static JsonElement? Copy(JsonElement? part) =>
        part is { } value && JsonMarshal.GetRawUtf8Value(value) is { Length: <= LongestActual } text
            ? JsonElement.Parse(text, Json.DocumentOptions) : null;

    private sealed class Counted
    {
        public long Events { get; set; }
        public long Alone { get; set; }
        public long Unknown { get; set; }
        public List<BacktestNearMiss> Samples { get; } = [];
    }
}
