using System.Text.Json;
using Attune.Db.Values;
using Attune.Host.Files;

namespace Attune.Host.Packs;

/// <summary>The members of a file's object as fields of known kinds. What is wrong is noted, and reading goes on.</summary>
internal sealed class ObjectFields(FileNode node, string file, List<FileMistake> mistakes, List<FileMistake> notes)
{
    private readonly List<string> _known = [];

    public FileNode Node => node;

    /// <summary>A text; null where it is left out. It may stand under other names as well; the first that is there counts.</summary>
    public string? Text(string name, params ReadOnlySpan<string> others) => Find(name, others) switch
    {
        null => null,
        { Value: { Kind: JsonValueKind.String } text } => text.Text,
        { } other => Wrong<string>(other, other.Value.Kind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            ? $"text, not {Kind(other.Value)}: quote it" : $"text, not {Kind(other.Value)}"),
    };

    public bool? Flag(string name) => Find(name, []) switch
    {
        null => null,
        { Value.Kind: JsonValueKind.True or JsonValueKind.False } flag => flag.Value.Kind == JsonValueKind.True,
        { Value: { Kind: JsonValueKind.String, Text: "yes" or "no" or "on" or "off" or "Yes" or "No" or "On" or "Off" } word } old =>
            Wrong<bool?>(old, $"true or false: '{word.Text}' is text in YAML 1.2"),
        { } other => Wrong<bool?>(other, $"true or false, not {Kind(other.Value)}"),
    };

    public int? Whole(string name) => Find(name, []) switch
    {
        null => null,
        { Value.Kind: JsonValueKind.Number } number
            when JsonNumber.Whole(number.Value.ToJson(), int.MinValue, int.MaxValue) is { } whole => whole,
        { } other => Wrong<int?>(other, "a whole number"),
    };

    public T? OneOf<T>(string name)
        where T : struct, Enum => Text(name) is not { } text ? null
            : EnumNames.Find<T>(text) ?? Wrong<T?>(node.Find(name)!, $"one of: {string.Join(", ", EnumNames.All<T>())}");

    /// <summary>Whatever stands there; null where it is left out or null.</summary>
    public JsonElement? Json(string name, params ReadOnlySpan<string> others) => Find(name, others)?.Value.ToJson();

    /// <summary>As <see cref="Json"/>, but null is kept as one.</summary>
    public JsonElement? JsonOrNull(string name)
    {
        _known.Add(name);
        return node.Find(name)?.Value.ToJson();
    }

    /// <summary>A member as it stands there; null where it is left out.</summary>
    public FileMember? Member(string name) => Find(name, []);

    /// <summary>Notes every member that was not asked for: as not kept when its name is among these, and otherwise as a mistake.</summary>
    /// <param name="what">What the object is, such as <c>a rule</c>.</param>
    /// <param name="kept">The names that the original knows and Attune does not keep.</param>
    public void CheckOthers(string what, params ReadOnlySpan<string> kept)
    {
        foreach (var member in node.Members.Where(member => !_known.Contains(member.Name)))
        {
            if (kept.Contains(member.Name))
            {
                notes.Add(new(file, member.At, $"{member.Name} is not kept."));
            }
            else
            {
                Note(member.At, member.Name == "webhook_key"
                    ? "webhook_key stands in no file: a trigger has a key of its own in each database."
                    : $"{StorableText.Excerpt(member.Name)} is no field of {what}; there are {string.Join(", ", _known.Distinct())}.");
            }
        }
    }

    public void Note(FileMark at, string mistake) => mistakes.Add(new(file, at, mistake));

    public void Remark(FileMark at, string note) => notes.Add(new(file, at, note));

    private FileMember? Find(string name, ReadOnlySpan<string> others)
    {
        _known.Add(name);
        var found = node.Find(name);
        foreach (var other in others)
        {
            _known.Add(other);
            found ??= node.Find(other);
        }

        return found is { Value.Kind: not JsonValueKind.Null } ? found : null;
    }

    private T? Wrong<T>(FileMember member, string expected)
    {
        Note(member.At, $"{member.Name} must be {expected}.");
        return default;
    }

    private static string Kind(FileNode value) => value.Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Number => $"the number {StorableText.Excerpt(value.Text)}",
        JsonValueKind.String => "text",
        _ => "true or false",
    };
}
