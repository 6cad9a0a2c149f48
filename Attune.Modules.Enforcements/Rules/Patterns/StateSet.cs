namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>A set of states in the order in which they came, in memory that need not be clean: emptying it costs nothing.</summary>
/// <param name="memory">Twice as much as there are states.</param>
internal ref struct StateSet(Span<ushort> memory)
{
    private readonly Span<ushort> _items = memory[..(memory.Length / 2)];
    private readonly Span<ushort> _places = memory[(memory.Length / 2)..];

    public int Count { get; private set; }

    public readonly ReadOnlySpan<ushort> Items => _items[..Count];

    public readonly ushort this[int at] => _items[at];

    public void Add(ushort state)
    {
        var place = _places[state];
        if (place >= Count || _items[place] != state)
        {
            _places[state] = (ushort)Count;
            _items[Count++] = state;
        }
    }

    public void Clear() => Count = 0;

    /// <summary>Makes one set of what came in different orders.</summary>
    public readonly void Sort()
    {
        var items = _items[..Count];
        items.Sort();
        for (var at = 0; at < items.Length; at++)
        {
            _places[items[at]] = (ushort)at;
        }
    }
}
