using System.Runtime.InteropServices;
using System.Text.Json;

namespace Attune.Web.Json;

/// <summary>
/// The visible rows of a JSON value: a flat list, whatever the depth, to which children are added only when their row is
/// opened, and not more than a batch at a time. So a value of any size or depth costs what is looked at.
/// </summary>
public sealed class JsonTree
{
    /// <summary>Children that are shown at a time.</summary>
    public const int Batch = 100;

    /// <summary>Items of an array that its opening shows.</summary>
    public const int FirstItems = 20;

    /// <summary>Rows that are shown at first, at most, below the outermost level.</summary>
    public const int FirstRows = 200;

    /// <summary>A value of more bytes than this is folded at first.</summary>
    public const int Large = 256_000;

    // A value with more children than this is opened by whoever wants to see them.
    private const int SmallEnough = 20;

    // What is further down than this is left out between, instead of all that comes before it being shown.
    private const int Far = 300;

    /// <summary>Rows up to which everything is opened at once.</summary>
    public const int AllRows = 2000;

    private readonly List<JsonRow> _rows = [];

    public JsonTree(JsonElement value)
    {
        Value = value;
        Size = JsonMarshal.GetRawUtf8Value(value).Length;
        if (Size > Large)
        {
            _rows.Add(new JsonRow(null, null, 0, Value));
        }
        else
        {
            Open(FirstRows, int.MaxValue, SmallEnough);
        }
    }

    public JsonElement Value { get; }

    /// <summary>Bytes of the value as it was read.</summary>
    public int Size { get; }

    public IReadOnlyList<JsonRow> Rows => _rows;

    /// <summary>True while a row can be opened or closed.</summary>
    public bool IsNested => _rows.Exists(row => row.Depth > 0 && row.Children > 0);

    /// <summary>Whether there is anything in it that may be folded.</summary>
    public bool IsFoldable => Size > Large || IsNested;

    public void Toggle(JsonRow row)
    {
        if (row.IsOpen)
        {
            Close(row);
            row.From = 0;
        }
        else
        {
            Open(row);
        }
    }

    /// <summary>Shows the next batch of the children that a row has.</summary>
    public void More(JsonRow owner)
    {
        var at = _rows.FindIndex(row => row is { IsMore: true, IsBefore: false } && row.Owner == owner);
        _rows.RemoveAt(at);
        Insert(owner, at, Batch);
    }

    /// <summary>Shows a batch of the children that come before the first one that is shown.</summary>
    public void Before(JsonRow owner)
    {
        var at = _rows.FindIndex(row => row.IsBefore && row.Owner == owner);
        var from = Math.Max(0, owner.From - Batch);
        _rows.RemoveAt(at);
        _rows.InsertRange(at, owner.ChildrenFrom(from, owner.From - from));
        owner.From = from;
        if (from > 0)
        {
            _rows.Insert(at, JsonRow.Before(owner));
        }
    }

    /// <summary>Opens what is closed on the way to a value.</summary>
    /// <param name="place">For each level the place among the children, from the outermost on.</param>
    /// <returns>The row of the value.</returns>
    public JsonRow Reveal(IEnumerable<int> place)
    {
        var row = _rows[0];
        foreach (var position in place)
        {
            if (!row.IsOpen)
            {
                Open(row);
            }

            if (position < row.From || position >= row.Shown + Far)
            {
                Close(row);
                row.From = Math.Max(0, position - (FirstItems / 2));
                Open(row);
            }

            while (position >= row.Shown)
            {
                More(row);
            }

            row = _rows.Find(child => child.Owner == row && !child.IsMore && child.Position == position)!;
        }

        return row;
    }

    /// <summary>Opens row by row, upper levels first, until <see cref="AllRows"/> are shown.</summary>
    public void OpenAll() => Open(AllRows, int.MaxValue, int.MaxValue);

    /// <summary>Closes everything but the outermost level.</summary>
    public void CloseAll()
    {
        _rows.Clear();
        Open(FirstRows, 1, SmallEnough);
    }

    /// <summary>The whole value with line breaks, for the clipboard.</summary>
    public string ToIndentedText() => JsonTexts.OfIndented(Value);

    private void Open(int rows, int levels, int children)
    {
        if (_rows.Count == 0)
        {
            _rows.Add(new JsonRow(null, null, 0, Value));
        }

        for (var level = 0; level < levels && _rows.Exists(row => row.Depth == level); level++)
        {
            var closed = _rows.Where(row => row.Depth == level && row is { IsOpen: false, Children: > 0 }).ToList();
            foreach (var siblings in closed.GroupBy(row => row.IsIndexed ? row.Owner : row))
            {
                // The outermost level is always open. The items of an array look alike: all of them are opened, or none.
                var wanted = siblings.Sum(row => Math.Min(row.Children, First(row)));
                if (level == 0 || (siblings.All(row => row.Children <= children) && _rows.Count + wanted <= rows))
                {
                    foreach (var row in siblings)
                    {
                        Open(row);
                    }
                }
            }
        }
    }

    private static int First(JsonRow row) => row.Value.ValueKind == JsonValueKind.Array ? FirstItems : Batch;

    private void Open(JsonRow row)
    {
        row.IsOpen = true;
        row.Shown = row.From;
        var at = _rows.IndexOf(row) + 1;
        if (row.From > 0)
        {
            _rows.Insert(at++, JsonRow.Before(row));
        }

        Insert(row, at, First(row));
    }

    private void Close(JsonRow row)
    {
        row.IsOpen = false;
        var first = _rows.IndexOf(row) + 1;
        var end = first;
        while (end < _rows.Count && _rows[end].Depth > row.Depth)
        {
            end++;
        }

        _rows.RemoveRange(first, end - first);
    }

    private void Insert(JsonRow owner, int at, int count)
    {
        var children = owner.ChildrenFrom(owner.Shown, count);
        owner.Shown += children.Count;
        _rows.InsertRange(at, children);
        if (owner.Shown < owner.Children)
        {
            _rows.Insert(at + children.Count, JsonRow.More(owner));
        }
    }
}
