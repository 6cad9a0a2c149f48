using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Host.Files;

/// <summary>A member of an object in a file.</summary>
internal sealed record FileMember(string Name, FileMark At, FileNode Value);

/// <summary>A value in a file, with where it stands.</summary>
internal sealed class FileNode
{
    private FileNode(JsonValueKind kind, FileMark at)
    {
        Kind = kind;
        At = at;
    }

    public JsonValueKind Kind { get; }

    public FileMark At { get; }

    /// <summary>A text, or a number as JSON spells it; empty for anything else.</summary>
    public string Text { get; private init; } = "";

    public IReadOnlyList<FileMember> Members { get; private init; } = [];

    public IReadOnlyList<FileNode> Items { get; private init; } = [];

    /// <summary>How many values and characters it has, those within it included: an alias may stand for many.</summary>
    public long Weight { get; private init; } = 1;

    public static FileNode Scalar(JsonValueKind kind, string text, FileMark at) =>
        new(kind, at) { Text = text, Weight = 1 + text.Length };

    public static FileNode Object(IReadOnlyList<FileMember> members, FileMark at) => new(JsonValueKind.Object, at)
    {
        Members = members,
        Weight = 1 + members.Sum(member => member.Name.Length + member.Value.Weight),
    };

    public static FileNode Array(IReadOnlyList<FileNode> items, FileMark at) =>
        new(JsonValueKind.Array, at) { Items = items, Weight = 1 + items.Sum(item => item.Weight) };

    public FileMember? Find(string name) => Members.FirstOrDefault(member => member.Name == name);

    /// <summary>The same object with another member in place of one.</summary>
    public FileNode With(FileMember member) =>
        Object([.. Members.Select(one => one.Name == member.Name ? member : one)], At);

    public JsonElement ToJson() => JsonElement.Parse(RenderedJson.Bytes(Write), Json.DocumentOptions);

    /// <summary>Where a place such as <c>conditions[0].operator</c> stands, or the innermost value around it that is there.</summary>
    public FileMark Locate(string place)
    {
        var node = this;
        var at = At;
        for (var rest = place.AsSpan(); !rest.IsEmpty;)
        {
            rest = rest.TrimStart('.');
            if (rest.StartsWith("["))
            {
                var end = rest.IndexOf(']');
                if (end < 0 || !int.TryParse(rest[1..end], out var index) || index >= node.Items.Count)
                {
                    break;
                }

                node = node.Items[index];
                at = node.At;
                rest = rest[(end + 1)..];
                continue;
            }

            // Names may have dots in them: the longest that is there is meant.
            var left = rest.ToString();
            if (node.Members.Where(member => Begins(left, member.Name)).MaxBy(member => member.Name.Length) is not { } found)
            {
                break;
            }

            node = found.Value;
            at = found.At;
            rest = rest[found.Name.Length..];
        }

        return at;
    }

    private static bool Begins(string place, string name) =>
        name.Length > 0 && place.StartsWith(name, StringComparison.Ordinal)
        && (place.Length == name.Length || place[name.Length] is '.' or '[');

    private void Write(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in Members)
                {
                    writer.WritePropertyName(member.Name);
                    member.Value.Write(writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in Items)
                {
                    item.Write(writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Text);
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Text);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBooleanValue(Kind == JsonValueKind.True);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
