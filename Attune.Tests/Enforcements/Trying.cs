using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Tests.Enforcements;

/// <summary>Conditions, tried on a payload alone.</summary>
internal static class Trying
{
    public static readonly DateTimeOffset Created = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public static EvaluationContext Context(JsonElement? payload) => new(
        new() { TriggerRef = "core.test", Payload = payload }, Created, new(EvaluationBudget.MostSteps, CancellationToken.None));

    public static Verdict Try(this RuleConditions conditions, JsonElement? payload) =>
        conditions.Evaluate(Context(payload)) ?? throw new InvalidOperationException("The event has an instant.");

    public static IReadOnlyList<ExplainedCondition> Explain(this RuleConditions conditions, JsonElement? payload) =>
        conditions.Explain(Context(payload));
}
