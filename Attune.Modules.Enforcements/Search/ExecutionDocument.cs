using System.Buffers;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Search;

/// <summary>An execution as one JSON object, which conditions are asked about as about a payload; only what they look at is in it.</summary>
internal sealed class ExecutionDocument
{
    private const string Result = "result";
    private const string Config = "config";
    private const string Parameters = "parameters";

    private static readonly Dictionary<string, Action<Utf8JsonWriter, ScannedExecution>> Members = new(StringComparer.Ordinal)
    {
        [Result] = static (writer, one) => WriteRaw(writer, one.Result),
        [Config] = static (writer, one) => WriteRaw(writer, one.Config),
        [Parameters] = static (writer, one) => WriteRaw(writer, one.Config),
        ["action_ref"] = static (writer, one) => writer.WriteStringValue(one.ActionRef),
        ["rule_ref"] = static (writer, one) => WriteText(writer, one.RuleRef),
        ["trigger_ref"] = static (writer, one) => WriteText(writer, one.TriggerRef),
        ["status"] = static (writer, one) => writer.WriteStringValue(EnumNames.Of(one.Status)),
        ["retry_count"] = static (writer, one) => writer.WriteNumberValue(one.RetryCount),
        ["created"] = static (writer, one) => writer.WriteStringValue(EventInstants.Text(one.Created)),
        ["started_at"] = static (writer, one) => WriteText(writer, one.StartedAt is { } at ? EventInstants.Text(at) : null),
        ["updated"] = static (writer, one) => writer.WriteStringValue(EventInstants.Text(one.Updated)),
    };

    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    private readonly IReadOnlyList<string> _members;
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <param name="leaves">What looks at it, as <see cref="Check"/> lets it; where nothing does, all of it is there.</param>
    public ExecutionDocument(IEnumerable<ConditionLeaf> leaves)
    {
        var looked = leaves.SelectMany(leaf => new[] { leaf.Text.Field, leaf.Text.Other }).OfType<FieldPath>()
            .Select(path => path.Path.Steps[0].Key).ToHashSet(StringComparer.Ordinal);
        _members = looked.Count == 0 ? [.. Members.Keys.Where(key => key != Parameters)] : [.. Members.Keys.Where(looked.Contains)];
        Parts = new(_members.Contains(Result), _members.Contains(Config) || _members.Contains(Parameters));
    }

    /// <summary>What of an execution has to be read.</summary>
    public ExecutionParts Parts { get; }

    /// <summary>Refuses a condition about what an execution has not got.</summary>
    /// <exception cref="RefusedException">It is one.</exception>
    public static void Check(LeafText leaf)
    {
        foreach (var path in new[] { leaf.Field, leaf.Other }.OfType<FieldPath>())
        {
            if (path.Root != FieldRoot.Payload || path.Path.Steps is not [var first, ..] || !Members.ContainsKey(first.Key))
            {
                throw RefusedException.Invalid(
                    SearchedConditions.Place,
                    $"{StorableText.Excerpt(path.Text)} is nothing that an execution has: a path begins with result., config. or parameters., or is one of "
                    + $"{string.Join(", ", Members.Keys.Except([Result, Config, Parameters]))}");
            }
        }
    }

    public JsonElement Of(ScannedExecution execution)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer, Options))
        {
            writer.WriteStartObject();
            foreach (var member in _members)
            {
                // What is not there is no null: nothing is at its path.
                if (member is Result && execution.Result is null || member is Config or Parameters && execution.Config is null)
                {
                    continue;
                }

                writer.WritePropertyName(member);
                Members[member](writer, execution);
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(_buffer.WrittenSpan, Json.DocumentOptions);
    }

    private static void WriteRaw(Utf8JsonWriter writer, byte[]? json) => writer.WriteRawValue(json, skipInputValidation: true);

    private static void WriteText(Utf8JsonWriter writer, string? text) => writer.WriteStringValue(text);
}
