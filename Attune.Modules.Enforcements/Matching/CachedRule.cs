using Attune.Db;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>A rule of the cache. It is compiled by whoever asks it first, which is never an append that others wait for.</summary>
internal sealed class CachedRule
{
    private readonly Lazy<CompiledRule> _compiled;
    private volatile bool _isDear;

    /// <param name="stored">What it says.</param>
    /// <param name="earlier">What was cached of the same rule before; it is not compiled again for having been switched.</param>
    public CachedRule(StoredRule stored, CachedRule? earlier)
    {
        Stored = stored;
        if (earlier?.Stored.Version == stored.Version)
        {
            _isDear = earlier._isDear;
            _compiled = new(() => earlier._compiled.Value.For(stored));
        }
        else
        {
            _compiled = new(() => CompiledRule.Compile(stored));
        }
    }

    public StoredRule Stored { get; }

    /// <summary>Whether it lately cost more than the others should wait for: then it is asked where nobody else waits.</summary>
    public bool IsDear
    {
        get => _isDear;
        set => _isDear = value;
    }

    /// <exception cref="BudgetExceededException">It is too dear; see <see cref="IsFault"/> for what else may be wrong with it.</exception>
    public PreparedMatch? Prepare(EventFacts facts, EvaluationBudget budget) => _compiled.Value.Prepare(facts, budget);

    /// <summary>Whether an error is one of the rule: what it says may have been written past the repository, and not compile.</summary>
    public static bool IsFault(Exception error) => error is RefusedException || CompiledRule.IsFault(error);
}
