namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>One character more: which states a set of them leads to.</summary>
internal static class PatternStep
{
    /// <summary>
    /// Follows what takes no character, as far as the assertions between <paramref name="before"/> and the symbol hold, and then takes
    /// the symbol. Answers how many states it came by: that depends on the set and the symbol alone.
    /// </summary>
    public static int Take(
        PatternProgram program,
        ReadOnlySpan<ushort> from,
        PatternContext before,
        int symbol,
        ref StateSet passed,
        ref StateSet next,
        out bool matches)
    {
        var after = program.Context(symbol);
        var states = program.States;
        var taken = program.Taken(symbol);
        matches = false;
        next.Clear();
        passed.Clear();
        foreach (var state in from)
        {
            passed.Add(state);
        }

        for (var at = 0; at < passed.Count; at++)
        {
            ref readonly var state = ref states[passed[at]];
            switch (state.Kind)
            {
                case PatternStateKind.Set:
                    if (taken.Has(state.Argument))
                    {
                        next.Add(state.Next);
                    }

                    break;
                case PatternStateKind.Fork:
                    passed.Add(state.Next);
                    passed.Add(state.Other);
                    break;
                case PatternStateKind.Assertion:
                    if (Holds((PatternAssertion)state.Argument, before, after))
                    {
                        passed.Add(state.Next);
                    }

                    break;
                default:
                    matches = true;
                    break;
            }
        }

        if (program.StartsAnywhere && symbol != program.Alphabet.End)
        {
            next.Add(program.Start);
        }

        return Math.Max(passed.Count, 1);
    }

    private static bool Holds(PatternAssertion assertion, PatternContext before, PatternContext after) => assertion switch
    {
        PatternAssertion.Start => (before & PatternContext.Start) != 0,
        PatternAssertion.LineStart => (before & (PatternContext.Start | PatternContext.NewLine)) != 0,
        PatternAssertion.End => (after & PatternContext.End) != 0,
        PatternAssertion.EndOrLastNewLine => (after & (PatternContext.End | PatternContext.LastNewLine)) != 0,
        PatternAssertion.LineEnd => (after & (PatternContext.End | PatternContext.NewLine)) != 0,
        PatternAssertion.WordBoundary => ((before ^ after) & PatternContext.Word) != 0,
        _ => ((before ^ after) & PatternContext.Word) == 0,
    };
}
