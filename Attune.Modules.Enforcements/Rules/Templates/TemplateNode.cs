using System.Text;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>A part of the parameters: as it is, one token, a text with tokens in it, or an object or array of parts.</summary>
internal abstract class TemplateNode
{
    public abstract void Write(Utf8JsonWriter writer, TemplateScope scope);

    public static TemplateNode Parse(JsonElement value, string place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when value.GetString() is { } text && text.Contains("{{", StringComparison.Ordinal):
                return ParseText(text, place);

            case JsonValueKind.Object:
                var members = value.EnumerateObject()
                    .Select(member => KeyValuePair.Create(member.Name, Parse(member.Value, $"{place}.{member.Name}")))
                    .ToList();
                return members.All(member => member.Value is Literal) ? new Literal(value) : new ObjectNode(members);

            case JsonValueKind.Array:
                var items = value.EnumerateArray().Select((item, index) => Parse(item, $"{place}[{index}]")).ToList();
                return items.TrueForAll(item => item is Literal) ? new Literal(value) : new ArrayNode(items);

            default:
                return new Literal(value);
        }
    }

    private static TemplateNode ParseText(string text, string place)
    {
        var parts = new List<(string Before, TemplateToken? Token)>();
        var at = 0;
        for (var open = text.IndexOf("{{", StringComparison.Ordinal); open >= 0; open = text.IndexOf("{{", at, StringComparison.Ordinal))
        {
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                throw RefusedException.Invalid(place, $"{place} has a {{{{ that no }}}} closes.");
            }

            var name = text[(open + 2)..close].Trim();
            var token = TemplateToken.TryParse(name)
                ?? throw RefusedException.Invalid(
                    place,
                    $"{place} names {{{{ {StorableText.Excerpt(name)} }}}}, which is not there. Templates may name {TemplateToken.Known}.");
            parts.Add((text[at..open], token));
            at = close + 2;
        }

        if (parts is [{ Before: "" } only] && at == text.Length)
        {
            return new TokenNode(only.Token!);
        }

        parts.Add((text[at..], null));
        return new TextNode(parts);
    }


    private static void Limit(Utf8JsonWriter writer, long more)
    {
        if (writer.BytesCommitted + writer.BytesPending + more > ParameterTemplate.MaxBytes)
        {
            throw new TemplateTooLargeException();
        }
    }

    private sealed class Literal(JsonElement value) : TemplateNode
    {
        public override void Write(Utf8JsonWriter writer, TemplateScope scope) => value.WriteTo(writer);
    }

    private sealed class TokenNode(TemplateToken token) : TemplateNode
    {
        public override void Write(Utf8JsonWriter writer, TemplateScope scope)
        {
            token.Write(writer, scope);
            Limit(writer, 0);
        }
    }

    private sealed class TextNode(List<(string Before, TemplateToken? Token)> parts) : TemplateNode
    {
        public override void Write(Utf8JsonWriter writer, TemplateScope scope)
        {
            var text = new StringBuilder();
            foreach (var (before, token) in parts)
            {
                text.Append(before);
                token?.Append(text, scope);
                Limit(writer, text.Length);
            }

            writer.WriteStringValue(text.ToString());
        }
    }

    private sealed class ObjectNode(List<KeyValuePair<string, TemplateNode>> members) : TemplateNode
    {
        public override void Write(Utf8JsonWriter writer, TemplateScope scope)
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                writer.WritePropertyName(name);
                value.Write(writer, scope);
            }

            writer.WriteEndObject();
        }
    }

    private sealed class ArrayNode(List<TemplateNode> items) : TemplateNode
    {
        public override void Write(Utf8JsonWriter writer, TemplateScope scope)
        {
            writer.WriteStartArray();
            foreach (var item in items)
            {
                item.Write(writer, scope);
            }

            writer.WriteEndArray();
        }
    }
}
