using System.Runtime.InteropServices;
using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>Counts what the rule that is tried makes of events, beside the rule as it is now, and keeps the first of each sort.</summary>
internal sealed class BacktestTally(TriedRule tried, TriedRule? current, BacktestRequest request, DateTimeOffset since)
{
    private const int LongestActual = 4 * 1024;

    private readonly List<BacktestDay> _days = [];
    private readonly List<BacktestMatch> _matches = [];
    private readonly List<BacktestMatch> _added = [];
    private readonly List<BacktestMatch> _removed = [];
    private readonly List<BacktestNearMiss> _nearMisses = [];
    private Counts _total;
    private Counts _day;

    public long Events => _total.Events + _day.Events;

    /// <summary>Whether anything of the events but their payloads is looked at.</summary>
    public bool ReadsOutside { get; } = tried.Rule.ReadsOutside || current?.Rule.ReadsOutside == true;

    public long Matches => _total.Matches + _day.Matches;

    public void Count(ScannedEvent scanned)
    {
        if (scanned.Created < since)
        {
            // Read for the windows alone, which count from before the first day.
            AskEarlier(tried, scanned);
            AskEarlier(ReferenceEquals(current, tried) ? null : current, scanned);
            return;
        }

        // With another trigger than the rule has now, each is asked about its own events alone.
        var matches = scanned.TriggerRef == tried.Rule.Stored.TriggerRef && CountTried(scanned);
        if (current is null)
        {
            return;
        }

        var matchesNow = ReferenceEquals(current, tried)
            ? matches
            : scanned.TriggerRef == current.Rule.Stored.TriggerRef && current.Ask(scanned) == TriedOutcome.Match;
        _day.Current += matchesNow ? 1 : 0;
        _day.Same += matches && matchesNow ? 1 : 0;
        if (matches != matchesNow)
        {
            _day.Added += matches ? 1 : 0;
            _day.Removed += matches ? 0 : 1;
            Keep(
                matches ? _added : _removed, matches ? _total.Added + _day.Added : _total.Removed + _day.Removed, scanned);
        }
    }

    public void EndDay(DateOnly day, long? recorded)
    {
        _days.Add(new()
        {
            Day = day,
            Events = _day.Events,
            Matches = _day.Matches,
            NearMisses = _day.NearMisses,
            Current = current is null ? null : _day.Current,
            Recorded = recorded,
        });
        _total = _total.And(_day);
        _day = default;
    }

    public BacktestReport Report(AskedRule asked, DateTimeOffset since, DateTimeOffset until) => new()
    {
        RuleRef = asked.RuleRef,
        RuleVersion = asked.Version,
        IsDraft = asked.IsDraft,
        TriggerRef = asked.Text.TriggerRef,
        Since = since,
        Until = until,
        Events = _total.Events,
        Matches = _total.Matches,
        NearMisses = _total.NearMisses,
        Failures = _total.Failures,
        HeldBack = _total.HeldBack,
        Recorded = asked.Rule is null ? null : _days.Sum(day => day.Recorded ?? 0),
        Days = _days,
        FirstMatches = _matches,
        FirstNearMisses = _nearMisses,
        Difference = current is null ? null : new()
        {
            CurrentVersion = current.Rule.Stored.Version,
            Same = _total.Same,
            Added = _total.Added,
            Removed = _total.Removed,
            FirstAdded = _added,
            FirstRemoved = _removed,
        },
    };

    private bool CountTried(ScannedEvent scanned)
    {
        _day.Events++;
        switch (tried.Ask(scanned))
        {
            case TriedOutcome.Match:
                _day.Matches++;
                Keep(_matches, Matches, scanned);
                return true;
            case TriedOutcome.HeldBack:
                _day.HeldBack++;
                return false;
            case TriedOutcome.Failure:
                _day.Failures++;
                return false;
            default:
                if (tried.IsAsked(scanned) && OnlyObstacle(scanned) is { } obstacle)
                {
                    _day.NearMisses++;
                    KeepNearMiss(scanned, obstacle);
                }

                return false;
        }
    }

    private static void AskEarlier(TriedRule? rule, ScannedEvent scanned)
    {
        if (rule?.Rule.Window is not null && scanned.TriggerRef == rule.Rule.Stored.TriggerRef)
        {
            rule.Ask(scanned);
        }
    }

    private int? OnlyObstacle(ScannedEvent scanned)
    {
        try
        {
            return tried.Rule.Conditions.OnlyObstacle(TriedRule.Context(scanned));
        }
        catch (Exception error) when (CompiledRule.IsFault(error))
        {
            return null;
        }
    }

    private void Keep(List<BacktestMatch> kept, long count, ScannedEvent scanned)
    {
        if (count > request.Skip && kept.Count < request.First)
        {
            kept.Add(new(scanned.Id, scanned.Created));
        }
    }

    private void KeepNearMiss(ScannedEvent scanned, int obstacle)
    {
        if (_total.NearMisses + _day.NearMisses <= request.Skip || _nearMisses.Count >= request.First)
        {
            return;
        }

        var condition = tried.Rule.Conditions.Explain(TriedRule.Context(scanned))[obstacle];
        _nearMisses.Add(new(scanned.Id, scanned.Created, obstacle, condition with { Actual = Copy(condition.Actual) }));
    }

    // A part of a payload would keep the whole of it in memory.
    private static JsonElement? Copy(JsonElement? part) =>
        part is { } value && JsonMarshal.GetRawUtf8Value(value) is { Length: <= LongestActual } text
            ? JsonElement.Parse(text, Json.DocumentOptions) : null;

    private struct Counts
    {
        public long Events, Matches, NearMisses, Failures, HeldBack, Current, Same, Added, Removed;

        public readonly Counts And(Counts other) => new()
        {
            Events = Events + other.Events,
            Matches = Matches + other.Matches,
            NearMisses = NearMisses + other.NearMisses,
            Failures = Failures + other.Failures,
            HeldBack = HeldBack + other.HeldBack,
            Current = Current + other.Current,
            Same = Same + other.Same,
            Added = Added + other.Added,
            Removed = Removed + other.Removed,
        };
    }
}
