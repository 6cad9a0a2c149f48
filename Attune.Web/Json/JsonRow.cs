using System.Globalization;
using System.Text.Json;
using Attune.Web.Shared;

namespace Attune.Web.Json;

/// <summary>One line of a <see cref="JsonTree"/>: a value with its key, or the offer to show more of its siblings.</summary>
public sealed class JsonRow
{
    /// <summary>Characters of a text that are shown at first.</summary>
    public const int FirstCharacters = 400;

    private const int MoreCharacters = 20_000;

    private readonly string _text;
    private int _characters = FirstCharacters;

    internal JsonRow(JsonRow? owner, string? name, int depth, JsonElement value)
    {
        Owner = owner;
        Key = name;
        Name = name is null ? null : Visible.Text(name);
        Depth = depth;
        Value = value;
        Children = value.ValueKind switch
        {
            JsonValueKind.Array => value.GetArrayLength(),
            JsonValueKind.Object => value.GetPropertyCount(),
            _ => 0,
        };

        // As it is stored, with its quotes and escapes: control characters and look-alikes stay visible.
        _text = IsContainer ? "" : value.GetRawText();
    }

    internal JsonRow(JsonRow owner, int index, int depth, JsonElement value)
        : this(owner, index.ToString(CultureInfo.InvariantCulture), depth, value) => (IsIndexed, Position) = (true, index);

    private JsonRow(JsonRow owner, bool isBefore)
    {
        Owner = owner;
        Depth = owner.Depth + 1;
        (IsMore, IsBefore) = (true, isBefore);
        _text = "";
    }

    public JsonRow? Owner { get; }

    /// <summary>The key as it is in the value, or the index; null for the outermost value.</summary>
    public string? Key { get; }

    /// <summary>Its place among its siblings, from 0.</summary>
    public int Position { get; internal init; }

    /// <summary>The key, or the index in an array; null for the outermost value.</summary>
    public string? Name { get; }

    public bool IsIndexed { get; }

    public int Depth { get; }

    public JsonElement Value { get; }

    public int Children { get; }

    /// <summary>The first of the children that are shown; those before it are left out where something far down was looked for.</summary>
    public int From { get; internal set; }

    /// <summary>The end of the children that are shown.</summary>
    public int Shown { get; internal set; }

    public bool IsOpen { get; internal set; }

    /// <summary>Whether it is the one that is looked at.</summary>
    public bool IsMarked { get; internal set; }

    /// <summary>True for the line that offers the owner's further children.</summary>
    public bool IsMore { get; }

    /// <summary>True where it offers those before the first that is shown.</summary>
    public bool IsBefore { get; }

    /// <summary>Whether it is what is being looked at of what was found.</summary>
    public bool IsFound { get; internal set; }

    public bool IsContainer => Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;

    /// <summary>The part of a simple value that is shown.</summary>
    public string Text => Visible.Text(HiddenCharacters == 0 ? _text : _text[..Cut]);

    public int HiddenCharacters => _text.Length - Math.Min(Cut, _text.Length);

    // Never between the halves of one character.
    private int Cut => _characters < _text.Length && char.IsHighSurrogate(_text[_characters - 1]) ? _characters - 1 : _characters;

    public void ShowMoreText() => _characters += MoreCharacters;

    /// <summary>Rows of some of the children.</summary>
    internal List<JsonRow> ChildrenFrom(int from, int count) => Value.ValueKind == JsonValueKind.Array
        ? [.. Value.EnumerateArray().Skip(from).Take(count).Select((child, index) => new JsonRow(this, from + index, Depth + 1, child))]
        :
        [
            .. Value.EnumerateObject().Skip(from).Take(count)
                .Select((child, index) => new JsonRow(this, child.Name, Depth + 1, child.Value) { Position = from + index }),
        ];

    internal static JsonRow More(JsonRow owner) => new(owner, isBefore: false);

    internal static JsonRow Before(JsonRow owner) => new(owner, isBefore: true);
}
