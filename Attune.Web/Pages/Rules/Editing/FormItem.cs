using System.Text.Json.Serialization;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>A condition as the form has it, or a group of them.</summary>
[JsonDerivedType(typeof(FormGroup), "group")]
[JsonDerivedType(typeof(FormRow), "row")]
public abstract class FormItem
{
    private static long s_last;

    /// <summary>Tells it from others, for as long as the page is open; the browser names its elements by it.</summary>
    [JsonIgnore]
    public string Key { get; } = FormattableString.Invariant($"c{Interlocked.Increment(ref s_last)}");

    /// <summary>The group it is in; null for the outermost.</summary>
    [JsonIgnore]
    public FormGroup? Parent { get; set; }
}

/// <summary>How the items of a group are taken together.</summary>
public enum GroupKind
{
    All,
    Any,
    None,
    NotAll,
}

/// <summary>A group of conditions.</summary>
public sealed class FormGroup : FormItem
{
    public GroupKind Kind { get; set; }

    public List<FormItem> Items { get; set; } = [];

    /// <summary>The rows in it, from above to below.</summary>
    [JsonIgnore]
    public IEnumerable<FormRow> Rows => Items.SelectMany(item => item is FormGroup group ? group.Rows : [(FormRow)item]);

    /// <summary>How many groups it is in.</summary>
    [JsonIgnore]
    public int Depth => Parent is { } parent ? parent.Depth + 1 : 0;

    public T Add<T>(T item, int? at = null) where T : FormItem
    {
        item.Parent = this;
        Items.Insert(at ?? Items.Count, item);
        return item;
    }

    /// <summary>Takes an item out, and with it groups that have nothing else.</summary>
    /// <returns>The item that stands in its place now: the next one, else the one before, else null.</returns>
    public FormItem? Remove(FormItem item)
    {
        var at = Items.IndexOf(item);
        Items.RemoveAt(at);
        return Items.Count > 0 ? Items[Math.Min(at, Items.Count - 1)] : Parent?.Remove(this);
    }

    /// <summary>Moves an item up or down by one: past its neighbour, into a group beside it, or out of this one.</summary>
    /// <returns>False where it stands first or last of all.</returns>
    public bool Move(FormItem item, bool up)
    {
        var at = Items.IndexOf(item);
        var to = up ? at - 1 : at + 1;
        if (to >= 0 && to < Items.Count)
        {
            Items.RemoveAt(at);
            if (Items[up ? to : at] is FormGroup beside && item is FormRow)
            {
                beside.Add(item, up ? beside.Items.Count : 0);
            }
            else
            {
                Items.Insert(to, item);
            }

            return true;
        }

        if (Parent is not { } parent)
        {
            return false;
        }

        var place = parent.Items.IndexOf(this);
        Items.RemoveAt(at);
        parent.Add(item, up ? place : place + 1);
        if (Items.Count == 0)
        {
            parent.Items.Remove(this);
        }

        return true;
    }

    /// <summary>Tells all below whose they are, after they were read.</summary>
    public FormGroup Linked()
    {
        foreach (var item in Items)
        {
            item.Parent = this;
            (item as FormGroup)?.Linked();
        }

        return this;
    }
}

/// <summary>What a condition compares with.</summary>
public enum OperandKind
{
    Text,
    Number,
    Truth,
    Null,

    /// <summary>A list, an object, or whatever else is written as JSON.</summary>
    Json,

    /// <summary>Another path.</summary>
    Field,
}

/// <summary>A condition.</summary>
public sealed class FormRow : FormItem
{
    public string Field { get; set; } = "";
    public string Operator { get; set; } = "equals";
    public OperandKind Kind { get; set; }

    /// <summary>As it was typed: a text without quotes, all else as JSON has it.</summary>
    public string Value { get; set; } = "";

    /// <summary>The second of two, for <c>between</c>.</summary>
    public string Second { get; set; } = "";

    public bool IgnoreCase { get; set; }

    /// <summary><c>number</c>, <c>time</c> or <c>text</c>; empty for as it is.</summary>
    public string ReadAs { get; set; } = "";

    /// <summary><c>any</c>, <c>all</c> or <c>none</c>, for paths with <c>[*]</c>.</summary>
    public string Quantifier { get; set; } = "any";

    /// <summary>Whether nothing has been said in it yet.</summary>
    [JsonIgnore]
    public bool IsBlank => Field.Length == 0 && Value.Length == 0 && Second.Length == 0;

    [JsonIgnore]
    public bool HasEach => Field.Contains("[*]", StringComparison.Ordinal);

    /// <summary>Whether it takes two values.</summary>
    [JsonIgnore]
    public bool IsRange => Operator == "between" && Kind != OperandKind.Json;
}
