using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Attune.Db.Values;

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
