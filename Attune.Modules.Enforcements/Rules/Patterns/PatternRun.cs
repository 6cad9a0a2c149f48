using System.Buffers;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>
/// One text under one pattern: by the table of what is known, and when that has no more room, by the states themselves. Both come by
/// the same states and cost the same.
/// </summary>
internal ref struct PatternRun
{
    private const int StepsAtOnce = 4_096;

    private readonly PatternProgram _program;
    private readonly PatternSearch? _search;
    private readonly TransitionCache _cache;
    private readonly ReadOnlySpan<char> _text;
    private readonly EvaluationBudget _budget;
    private ushort[]? _memory;
    private StateSet _passed;
    private StateSet _next;
    private StateSet _current;
    private int _at;
    private long _steps;

    public PatternRun(
        PatternProgram program,
        PatternSearch? search,
        TransitionCache cache,
        ReadOnlySpan<char> text,
        EvaluationBudget budget)
    {
        _program = program;
        _search = search;
        _cache = cache;
        _text = text;
        _budget = budget;
    }

    public bool IsMatch()
    {
        try
        {
            var isMatch = ByTable();
            _budget.Spend(_steps);
            return isMatch;
        }
        finally
        {
            if (_memory is not null)
            {
                ArrayPool<ushort>.Shared.Return(_memory);
            }
        }
    }

    // Most texts need none: all that they lead to is in the table.
    private void NeedMemory()
    {
        if (_memory is null)
        {
            var each = 2 * _program.Count;
            _memory = ArrayPool<ushort>.Shared.Rent(3 * each);
            _passed = new(_memory.AsSpan(0, each));
            _next = new(_memory.AsSpan(each, each));
            _current = new(_memory.AsSpan(2 * each, each));
        }
    }

    private bool ByTable()
    {
        var table = _cache.Table;
        var width = _program.Alphabet.Width;
        var starts = _search is null ? 0 : _cache.Starts;
        for (var set = 0; ;)
        {
            if (set < starts && Jump() is var jump and not 0)
            {
                if (jump < 0)
                {
                    return false;
                }

                set = _cache.StartBehind(Symbol(_at - 1));
            }

            var symbol = Symbol(_at);
            var entry = table[set * width + symbol];
            if (entry == 0)
            {
                NeedMemory();
                entry = _cache.Learn(set, symbol, ref _passed, ref _next);
                if (entry == 0)
                {
                    return ByStates(_cache.Set(set));
                }

                table = _cache.Table;
            }

            Spend(TransitionCache.StepsOf(entry));
            _at++;
            set = ByTable(TransitionCache.NextOf(entry), starts, table);
            if (set >= TransitionCache.NoMatch)
            {
                return set == TransitionCache.Match;
            }
        }
    }

    // As far as everything is known and nothing is to be decided: most characters come by here.
    private int ByTable(int set, int starts, int[] table)
    {
        var text = _text;
        var alphabet = _program.Alphabet;
        var (width, at, steps) = (alphabet.Width, _at, 0);
        while (set >= starts && set < TransitionCache.NoMatch && at < text.Length - 1
            && table[set * width + alphabet[text[at]]] is var entry and not 0)
        {
            steps += TransitionCache.StepsOf(entry);
            set = TransitionCache.NextOf(entry);
            at++;
            if (steps + _steps >= StepsAtOnce)
            {
                Spend(steps);
                steps = 0;
            }
        }

        Spend(steps);
        _at = at;
        return set;
    }

    private bool ByStates(KnownStates from)
    {
        _current.Clear();
        foreach (var state in from.States)
        {
            _current.Add(state);
        }

        for (var before = from.Before; ; _at++)
        {
            if (_search is not null && _current.Count == 1 && _current[0] == _program.Start && Jump() is var jump and not 0)
            {
                if (jump < 0)
                {
                    return false;
                }

                before = _program.ContextBehind(Symbol(_at - 1));
            }

            var symbol = Symbol(_at);
            Spend(PatternStep.Take(_program, _current.Items, before, symbol, ref _passed, ref _next, out var matches));
            if (matches || _next.Count == 0)
            {
                return matches;
            }

            before = _program.ContextBehind(symbol);
            var last = _current;
            _current = _next;
            _next = last;
        }
    }

    // To where a match can begin, when none has: by so many characters; -1 when none can. A step for each, for they are looked at.
    private int Jump()
    {
        var rest = _text[_at..];
        var found = _search!.Find(rest);
        Spend(found < 0 ? rest.Length : found);
        _at += Math.Max(found, 0);
        return found;
    }

    private readonly int Symbol(int at)
    {
        if (at == _text.Length)
        {
            return _program.Alphabet.End;
        }

        var one = _text[at];
        return one == '\n' && at == _text.Length - 1 && _program.TellsLastNewLine ? _program.Alphabet.LastNewLine : _program.Alphabet[one];
    }

    private void Spend(int steps)
    {
        _steps += steps;
        if (_steps >= StepsAtOnce)
        {
            _budget.Spend(_steps);
            _steps = 0;
        }
    }
}
