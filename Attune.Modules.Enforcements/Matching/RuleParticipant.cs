using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Events;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>The rule engine's part in every append: asks the rules of each event, and leaves one enforcement for each match.</summary>
internal sealed partial class RuleParticipant(RuleCache cache, ILogger<RuleParticipant> logger) : IAppendParticipant
{
    public async Task<IReadOnlyList<IReadOnlyList<MatchedRule>>> AppendingAsync(AppendContext context, CancellationToken cancellationToken)
    {
        var rules = await cache.GetAsync(context, cancellationToken);
        var matches = new List<EnforcementMatch>();
        var counts = new int[context.Events.Count];
        for (var index = 0; index < context.Events.Count; index++)
        {
            var written = context.Events[index];
            foreach (var rule in rules[written.TriggerRef])
            {
                if (TryMatch(rule, written, context.Created) is { } match)
                {
                    matches.Add(match);
                    counts[index]++;
                }
            }
        }

        if (matches.Count == 0)
        {
            return [.. counts.Select(_ => Array.Empty<MatchedRule>())];
        }

        var ids = await EnforcementWriter.WriteAsync(context, matches, cancellationToken);
        var answers = matches.Zip(ids, (match, id) => new MatchedRule(match.Rule.Stored.Ref, match.Rule.Stored.Version, id)).ToArray();
        var at = 0;
        return [.. counts.Select(count => answers[at..(at += count)])];
    }

    private EnforcementMatch? TryMatch(CompiledRule rule, WrittenEvent written, DateTimeOffset created)
    {
        try
        {
            var budget = new EvaluationBudget(EvaluationBudget.MostSteps, CancellationToken.None);
            return rule.Prepare(Facts(written), budget)?.Finish(written.Id, created, budget) is { } config
                ? new(rule, written, config)
                : null;
        }
        catch (Exception error) when (CompiledRule.IsFault(error))
        {
            // Everybody's events are in this transaction: one rule's fault must not undo them.
            Log.CannotEvaluate(logger, error, rule.Stored.Ref, rule.Stored.Version, written.Id);
            return null;
        }
    }

    private static EventFacts Facts(WrittenEvent written) => new()
    {
        TriggerRef = written.TriggerRef,
        Payload = written.Payload,
        Config = written.Config,
        SourceRef = written.SourceRef,
        Target = written.Target,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error,
            Message = "Rule {Rule} (version {Version}) could not be evaluated for event {Event}; it left no enforcement")]
        public static partial void CannotEvaluate(ILogger logger, Exception error, string rule, int version, long @event);
    }
}

/// <summary>A rule matched an event: an enforcement that is not written yet.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Written">The event.</param>
/// <param name="Config">The action's parameters, as JSON.</param>
internal readonly record struct EnforcementMatch(CompiledRule Rule, WrittenEvent Written, byte[] Config);
