using System.Text.Json;
using Attune.Modules.History;
using Attune.Web.Shared;

namespace Attune.Web.Lists;

/// <summary>What a recorded change did to one field; null stands for nothing there.</summary>
public sealed record RecordedChange(string Field, string? Old, string? New, bool HasOld)
{
    private const int MostCharacters = 200;

    public static IReadOnlyList<RecordedChange> Of(HistoryEntry entry)
    {
        IEnumerable<string> fields = entry.ChangedFields.Length > 0
            ? entry.ChangedFields
            : entry.NewValues is { ValueKind: JsonValueKind.Object } values
                ? values.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null).Select(field => field.Name)
                : [];
        return [.. fields.Select(field =>
            new RecordedChange(field, Value(entry.OldValues, field), Value(entry.NewValues, field), entry.Operation == "UPDATE"))];
    }

    private static string? Value(JsonElement? values, string field)
    {
        if (values is not { ValueKind: JsonValueKind.Object } fields || !fields.TryGetProperty(field, out var value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => Visible.Beginning(value.GetString()!, MostCharacters),
            JsonValueKind.Object when Digest(value) is { } digest => digest,
            _ => Visible.Beginning(value.GetRawText(), MostCharacters),
        };
    }

    // Of large values the history keeps only what they were like.
    private static string? Digest(JsonElement value) =>
        value.TryGetProperty("digest", out _)
        && value.TryGetProperty("size", out var size) && size.TryGetInt64(out var bytes)
        && value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            ? $"{type.GetString()}, {Format.Size(bytes)}"
            : null;
}
