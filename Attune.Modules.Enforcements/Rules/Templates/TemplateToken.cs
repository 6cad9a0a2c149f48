using System.Text;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>What stands between double braces: the name of one value of the scope.</summary>
internal abstract class TemplateToken
{
    public const string Known =
        "event, event.id, event.trigger, event.created, event.payload, pack.config (the last two also with a path), " +
        "system.timestamp, system.rule.id and system.rule.ref";

    /// <summary>The token of a name; null when there is no such name.</summary>
    public static TemplateToken? TryParse(string name) => name switch
    {
        "event" => new EventToken(),
        "event.id" => new NumberToken(scope => scope.EventId),
        "event.trigger" => new TextToken(scope => scope.TriggerRef),
        "event.created" => new TextToken(scope => scope.CreatedText),

        // A rule is evaluated as part of the append, so its instant is the event's.
        "system.timestamp" => new TextToken(scope => scope.CreatedText),
        "system.rule.id" => new NumberToken(scope => scope.RuleId),
        "system.rule.ref" => new TextToken(scope => scope.RuleRef),
        _ => TryParsePath(name, "event.payload", scope => scope.Payload) ?? TryParsePath(name, "pack.config", scope => scope.PackConfig),
    };

    /// <summary>Writes the value with its type; what is not there is null.</summary>
    public abstract void Write(Utf8JsonWriter writer, TemplateScope scope);

    /// <summary>
    /// Adds the value to a text: strings as they are, objects and arrays as compact JSON, null and what is not there as nothing.
    /// </summary>
    public abstract void Append(StringBuilder text, TemplateScope scope);

    private static PathToken? TryParsePath(string name, string root, Func<TemplateScope, JsonElement?> value)
    {
        if (name != root && !name.StartsWith(root + ".", StringComparison.Ordinal))
        {
            return null;
        }

        var rest = name.Length == root.Length ? "" : name[(root.Length + 1)..];
        return rest.Length == 0 && name != root ? null
            : JsonPath.TryParse(rest) is { } path ? new PathToken(value, path)
            : null;
    }

    private sealed class TextToken(Func<TemplateScope, string> value) : TemplateToken
    {
        public override void Write(Utf8JsonWriter writer, TemplateScope scope) => writer.WriteStringValue(value(scope));

        public override void Append(StringBuilder text, TemplateScope scope) => text.Append(value(scope));
    }

    private sealed class NumberToken(Func<TemplateScope, long> value) : TemplateToken
    {
        public override void Write(Utf8JsonWriter writer, TemplateScope scope) => writer.WriteNumberValue(value(scope));

        public override void Append(StringBuilder text, TemplateScope scope) => text.Append(value(scope));
    }

    private sealed class PathToken(Func<TemplateScope, JsonElement?> root, JsonPath path) : TemplateToken
    {
        public override void Write(Utf8JsonWriter writer, TemplateScope scope)
        {
            if (path.Find(root(scope)) is { } value)
            {
                value.WriteTo(writer);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        public override void Append(StringBuilder text, TemplateScope scope)
        {
            if (path.Find(root(scope)) is not { } value)
            {
                return;
            }

            switch (value.ValueKind)
            {
                case JsonValueKind.Null:
                    break;
                case JsonValueKind.String:
                    text.Append(value.GetString());
                    break;
                default:
                    CompactJson.Append(text, value);
                    break;
            }
        }
    }

    private sealed class EventToken : TemplateToken
    {
        private static readonly TemplateToken Payload = TryParse("event.payload")!;

        public override void Write(Utf8JsonWriter writer, TemplateScope scope)
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", scope.EventId);
            writer.WriteString("trigger", scope.TriggerRef);
            writer.WritePropertyName("payload");
            Payload.Write(writer, scope);
            writer.WriteString("created", scope.CreatedText);
            writer.WriteEndObject();
        }

        public override void Append(StringBuilder text, TemplateScope scope) =>
            CompactJson.Append(text, JsonElement.Parse(RenderedJson.Bytes(writer => Write(writer, scope)), Json.DocumentOptions));
    }
}
