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
        _text = IsContainer ? "" : Visible.Text(value.GetRawText());
    }

    internal JsonRow(JsonRow owner, int index, int depth, JsonElement value)
        : this(owner, index.ToString(CultureInfo.InvariantCulture), depth, value) => IsIndexed = true;

    private JsonRow(JsonRow owner)
    {
        Owner = owner;
        Depth = owner.Depth + 1;
        IsMore = true;
        _text = "";
    }

    public JsonRow? Owner { get; }

    /// <summary>The key, or the index in an array; null for the outermost value.</summary>
    public string? Name { get; }

    public bool IsIndexed { get; }

    public int Depth { get; }

    public JsonElement Value { get; }

    public int Children { get; }

    /// <summary>Children that are shown so far.</summary>
    public int Shown { get; internal set; }

    public bool IsOpen { get; internal set; }

    /// <summary>Whether it is the one that is looked at.</summary>
    public bool IsMarked { get; internal set; }

    /// <summary>True for the line that offers the owner's further children.</summary>
    public bool IsMore { get; }

    public bool IsContainer => Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;

    /// <summary>The part of a simple value that is shown.</summary>
    public string Text => HiddenCharacters == 0 ? _text : _text[..Cut];

    public int HiddenCharacters => _text.Length - Math.Min(Cut, _text.Length);

    // Never between the halves of one character.
    private int Cut => _characters < _text.Length && char.IsHighSurrogate(_text[_characters - 1]) ? _characters - 1 : _characters;

    public void ShowMoreText() => _characters += MoreCharacters;

    internal static JsonRow More(JsonRow owner) => new(owner);
}
