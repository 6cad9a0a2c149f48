using System.Text;
using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>A part of the parameters: as it is, one token, a text with tokens in it, or an object or array of parts.</summary>
internal abstract class TemplateNode
{
    public abstract void Write(TemplateRender render, Utf8JsonWriter writer);

    /// <param name="value">The part.</param>
    /// <param name="place">What it is called in the input.</param>
    /// <param name="key">The key of the object that it stands in.</param>
    /// <param name="references">The names of the whole template.</param>
    public static TemplateNode Parse(JsonElement value, string place, string key, TemplateReferences references)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when TemplateText.Parse(value.GetString()!, place, references) is { } parts:
                return parts switch
                {
                    [{ Token: { } only }] => new TokenNode(only),
                    _ => new TextNode(parts, AddressEncoder.IsAddress(parts[0].Text, key)),
                };

            case JsonValueKind.Object:
                var members = value.EnumerateObject()
                    .Select(member => KeyValuePair.Create(member.Name, Parse(member.Value, $"{place}.{member.Name}", member.Name, references)))
                    .ToList();
                return members.All(member => member.Value is Literal) ? new Literal(value) : new ObjectNode(members);

            case JsonValueKind.Array:
                var items = value.EnumerateArray().Select((item, index) => Parse(item, $"{place}[{index}]", key, references)).ToList();
                return items.TrueForAll(item => item is Literal) ? new Literal(value) : new ArrayNode(items);

            default:
                return new Literal(value);
        }
    }

    /// <summary>
    /// A value as part of a text: strings as they are, objects and arrays as compact JSON, null and what is not there as nothing.
    /// </summary>
    public static string TextOf(JsonElement? value)
    {
        switch (value?.ValueKind)
        {
            case null or JsonValueKind.Null:
                return "";
            case JsonValueKind.String:
                return value.Value.GetString()!;
            default:
                var text = new StringBuilder();
                CompactJson.Append(text, value.Value);
                return text.ToString();
        }
    }

    private sealed class Literal : TemplateNode
    {
        private readonly JsonElement _value;
        private readonly long _stored;

        public Literal(JsonElement value)
        {
            _value = value;
            _stored = StorableJson.StoredBytes(value);
        }

        public override void Write(TemplateRender render, Utf8JsonWriter writer)
        {
            render.Scope.Budget.SpendBytes(_stored);
            _value.WriteTo(writer);
        }
    }

    private sealed class TokenNode(TemplateExpression token) : TemplateNode
    {
        public override void Write(TemplateRender render, Utf8JsonWriter writer) => render.WriteWhole(token, writer);
    }

    private sealed class TextNode(IReadOnlyList<TemplatePart> parts, bool isAddress) : TemplateNode
    {
        public override void Write(TemplateRender render, Utf8JsonWriter writer)
        {
            var budget = render.Scope.Budget;
            var address = isAddress ? new AddressEncoder() : null;
            var text = new StringBuilder();
            for (var index = 0; index < parts.Count; index++)
            {
                var next = index + 1 < parts.Count ? parts[index + 1].Text : "";
                var part = Part(render, parts[index], address, next);
                budget.Spend(1 + (part.Length >> 4));
                budget.SpendBytes(StorableJson.StoredBytes(part));
                text.Append(part);
            }

            address?.End();
            writer.WriteStringValue(text.ToString());
        }

        private static string Part(TemplateRender render, TemplatePart part, AddressEncoder? address, string next)
        {
            if (part.Token is not { } token)
            {
                address?.Pass(part.Text);
                return part.Text;
            }

            if (token.IsLate)
            {
                return render.Hole(token, isWhole: false, address, next);
            }

            var said = render.Text(token);
            if (address is null)
            {
                return said;
            }

            if (token.IsForeign && !token.IsRaw)
            {
                return address.Encode(said, next);
            }

            address.Pass(said);
            return said;
        }
    }

    private sealed class ObjectNode(List<KeyValuePair<string, TemplateNode>> members) : TemplateNode
    {
        public override void Write(TemplateRender render, Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                render.Scope.Budget.SpendBytes(StorableJson.StoredBytes(name) + 4);
                writer.WritePropertyName(name);
                value.Write(render, writer);
            }

            writer.WriteEndObject();
        }
    }

    private sealed class ArrayNode(List<TemplateNode> items) : TemplateNode
    {
        public override void Write(TemplateRender render, Utf8JsonWriter writer)
        {
            writer.WriteStartArray();
            foreach (var item in items)
            {
                item.Write(render, writer);
            }

            writer.WriteEndArray();
        }
    }
}
