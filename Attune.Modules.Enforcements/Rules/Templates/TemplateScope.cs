using System.Text.Json;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>What templates can name while one event is matched by one rule, and what filling them in may cost.</summary>
internal sealed record TemplateScope
{
    public required EventFacts Facts { get; init; }
    public required long RuleId { get; init; }
    public required string RuleRef { get; init; }

    /// <summary>The configuration of the rule's pack.</summary>
    public JsonElement? PackConfig { get; init; }

    public required EvaluationBudget Budget { get; init; }
}

/// <summary>What an event gets only when it is written.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Created">Its instant, in UTC.</param>
internal readonly record struct WrittenFacts(long Id, DateTimeOffset Created);
