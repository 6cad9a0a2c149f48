using System.Text.Json;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>One event, while one rule's conditions are evaluated for it.</summary>
internal sealed class EvaluationContext(EventFacts facts, DateTimeOffset? created, EvaluationBudget budget)
{
    private JsonElement? _source;
    private JsonElement? _created;

    public EvaluationBudget Budget { get; } = budget;

    /// <summary>When the event was written; null while it is not.</summary>
    public DateTimeOffset? Created { get; } = created;

    /// <summary>
    /// What each leaf came to before the event had an instant; null where that is not kept. A leaf without a value there is one that asks
    /// for the instant.
    /// </summary>
    public Verdict?[]? Known { get; init; }

    /// <summary>The same event with a budget that nothing was spent of.</summary>
    public EvaluationContext Again() => new(facts, Created, Budget.Again());

    public JsonElement? Root(FieldRoot root) => root switch
    {
        FieldRoot.Payload => facts.Payload,
        FieldRoot.Config => facts.Config,
        FieldRoot.SourceRef => facts.SourceRef is { } source ? _source ??= JsonSerializer.SerializeToElement(source) : null,
        _ => Created is { } instant ? _created ??= JsonSerializer.SerializeToElement(EventInstants.Text(instant)) : null,
    };
}
