using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>Fills in one template for one event.</summary>
internal sealed class TemplateRender
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Found[] _found;
    private readonly List<TemplateHole> _holes = [];

    public TemplateRender(TemplateScope scope, int references)
    {
        Scope = scope;
        _found = new Found[references];
    }

    public TemplateScope Scope { get; }

    public RenderedParameters Write(TemplateNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            node.Write(this, writer);
        }

        return new(this, buffer.WrittenMemory, _holes);
    }

    /// <summary>What a name leads to, looked up once.</summary>
    public JsonElement? Find(TemplateReference reference, WrittenFacts? written)
    {
        if (reference.IsLate)
        {
            return reference.Find(Scope, written);
        }

        ref var found = ref _found[reference.Number];
        if (!found.IsKnown)
        {
            found = new() { IsKnown = true, Value = reference.Find(Scope, written), Stored = -1 };
        }

        Scope.Budget.Spend(1);
        return found.Value;
    }

    /// <summary>Writes an expression's value with its type; what is not there is null.</summary>
    public void WriteWhole(TemplateExpression expression, Utf8JsonWriter writer)
    {
        if (expression.IsLate)
        {
            writer.WriteStringValue(Hole(expression, isWhole: true, address: null, next: ""));
            return;
        }

        if (expression.Evaluate(this, null) is not { } value)
        {
            Scope.Budget.SpendBytes(4);
            writer.WriteNullValue();
            return;
        }

        Scope.Budget.SpendBytes(Stored(expression, value));
        value.WriteTo(writer);
    }

    /// <summary>What an expression adds to a text.</summary>
    public string Text(TemplateExpression expression)
    {
        // A value that is put in many times is made a text once.
        if (expression is not { Filters.Count: 0, Head.Reference: { } reference })
        {
            return TemplateNode.TextOf(expression.Evaluate(this, null));
        }

        var value = Find(reference, null);
        return _found[reference.Number].Text ??= TemplateNode.TextOf(value);
    }

    /// <summary>Leaves a place for what is known only once the event is written.</summary>
    public string Hole(TemplateExpression expression, bool isWhole, AddressEncoder? address, string next)
    {
        // Its own digits and letters cannot change an address; what else it has is encoded there as in a query.
        var hole = new TemplateHole(expression, isWhole, address is not null && !expression.IsRaw);
        _ = address?.Encode("0", next);
        _holes.Add(hole);
        Scope.Budget.SpendBytes(64);
        return hole.Marker;
    }

    private record struct Found
    {
        public bool IsKnown { get; set; }
        public JsonElement? Value { get; set; }
        public string? Text { get; set; }

        /// <summary>How many bytes it has as it is stored; -1 before they are counted.</summary>
        public long Stored { get; set; }
    }

    // A value that is put in many times is measured once.
    private long Stored(TemplateExpression expression, JsonElement value)
    {
        if (expression is not { Filters.Count: 0, Head.Reference: { } reference })
        {
            return StorableJson.StoredBytes(value);
        }

        ref var found = ref _found[reference.Number];
        return found.Stored >= 0 ? found.Stored : found.Stored = StorableJson.StoredBytes(value);
    }
}

/// <summary>A place that is filled in once the event is written.</summary>
internal sealed class TemplateHole(TemplateExpression expression, bool isWhole, bool isEncoded)
{
    /// <summary>Stands for it meanwhile; nobody can know it, so no payload has it.</summary>
    public string Marker { get; } = $"{Guid.NewGuid():N}{Guid.NewGuid():N}";

    public bool IsWhole { get; } = isWhole;

    /// <summary>What comes in its place, as JSON: a value, or the inside of a text.</summary>
    public byte[] Fill(TemplateRender render, WrittenFacts written)
    {
        var value = expression.Evaluate(render, written);
        if (IsWhole)
        {
            return RenderedJson.Bytes(writer =>
            {
                if (value is { } whole)
                {
                    whole.WriteTo(writer);
                }
                else
                {
                    writer.WriteNullValue();
                }
            });
        }

        var text = TemplateNode.TextOf(value);
        var quoted = RenderedJson.Bytes(writer => writer.WriteStringValue(isEncoded ? Uri.EscapeDataString(text) : text));
        return quoted[1..^1];
    }
}

/// <summary>Parameters that are filled in but for what the event gets when it is written.</summary>
internal sealed class RenderedParameters
{
    private readonly TemplateRender _render;
    private readonly ReadOnlyMemory<byte> _json;
    private readonly List<(int Start, int End, TemplateHole Hole)> _holes = [];

    public RenderedParameters(TemplateRender render, ReadOnlyMemory<byte> json, List<TemplateHole> holes)
    {
        _render = render;
        _json = json;
        var at = 0;
        foreach (var hole in holes)
        {
            // They come in the order in which they were left.
            var marker = Encoding.ASCII.GetBytes(hole.Marker);
            var start = at + json.Span[at..].IndexOf(marker);
            var end = start + marker.Length;
            var quotes = hole.IsWhole ? 1 : 0;
            _holes.Add((start - quotes, end + quotes, hole));
            at = end;
        }
    }

    /// <summary>How many bytes they have, what is still to come aside.</summary>
    public int Length => _json.Length;

    /// <summary>The parameters, as JSON.</summary>
    /// <exception cref="BudgetExceededException">They come to too many bytes.</exception>
    public byte[] Finish(WrittenFacts written)
    {
        if (_holes.Count == 0)
        {
            return _json.ToArray();
        }

        var whole = new ArrayBufferWriter<byte>(_json.Length + (64 * _holes.Count));
        var at = 0;
        foreach (var (start, end, hole) in _holes)
        {
            whole.Write(_json.Span[at..start]);
            var filled = hole.Fill(_render, written);
            _render.Scope.Budget.SpendBytes(filled.Length);
            whole.Write(filled);
            at = end;
        }

        whole.Write(_json.Span[at..]);
        return whole.WrittenSpan.ToArray();
    }
}
