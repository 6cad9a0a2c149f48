using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>The paths that the rules of a trigger look at and that lead to nothing in what has been shown of its payloads.</summary>
internal sealed class MissingPaths(string triggerRef, IEnumerable<WatchedRule> rules)
{
    private const int FewestPayloads = 5;

    private readonly List<(WatchedRule Rule, FieldPath Path)> _missing =
        [.. rules.SelectMany(rule => PathsOf(rule).Select(path => (rule, path)))];

    private int _events;
    private int _payloads;

    public string TriggerRef { get; } = triggerRef;

    /// <summary>Whether another payload could tell anything.</summary>
    public bool IsOpen => _missing.Count > 0 && _events < IPayloadFields.MostEvents;

    public void Show(JsonElement? payload)
    {
        if (!IsOpen)
        {
            return;
        }

        _events++;
        if (payload is { } given)
        {
            _payloads++;
            _missing.RemoveAll(one => IsThere(one.Path, given));
        }
    }

    public IEnumerable<RuleFinding> Findings() => _payloads < FewestPayloads ? [] : _missing.Select(one => new RuleFinding
    {
        RuleRef = one.Rule.Ref,
        TriggerRef = TriggerRef,
        Kind = RuleFindingKind.MissingPath,
        Path = one.Path.Text,
        Message = $"Nothing is at {one.Path.Text} in the newest {_payloads} payloads of {TriggerRef}.",
    });

    // Whoever asks whether something is there expects that it may not be.
    private static IEnumerable<FieldPath> PathsOf(WatchedRule rule)
    {
        try
        {
            return RuleConditions.LeavesOf(rule.Conditions, rule.Condition)
                .Where(leaf => leaf.Operator.Name is not ("exists" or "not_exists"))
                .SelectMany(leaf => leaf.Other is { } other ? [leaf.Field, other] : (FieldPath[])[leaf.Field])
                .Where(path => path.Root == FieldRoot.Payload && !path.Path.IsWhole)
                .DistinctBy(path => path.FullText)
                .ToList();
        }
        catch (RefusedException)
        {
            return [];
        }
    }

    private bool IsThere(FieldPath path, JsonElement payload)
    {
        var facts = new EventFacts { TriggerRef = TriggerRef, Payload = payload };
        var context = new EvaluationContext(facts, null, new(EvaluationBudget.MostSteps, CancellationToken.None));
        return path.FindEach(context).Exists(found => found is not null);
    }
}
