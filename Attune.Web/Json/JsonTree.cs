using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Attune.Web.Json;

/// <summary>
/// The visible rows of a JSON value: a flat list, whatever the depth, to which children are added only when their row is
/// opened, and not more than a batch at a time. So a value of any size or depth costs what is looked at.
/// </summary>
public sealed class JsonTree
{
    /// <summary>Children that one opening shows.</summary>
    public const int Batch = 100;

    /// <summary>Rows that are shown at first, at most, below the outermost level.</summary>
    public const int FirstRows = 120;

    // A value with more children than this is opened by whoever wants to see them.
    private const int SmallEnough = 20;
    private const int FirstLevels = 3;

    /// <summary>Rows up to which everything is opened at once.</summary>
    public const int AllRows = 2000;

    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for people; it is never put into markup
        MaxDepth = 1000,
    };

    private readonly List<JsonRow> _rows = [];

    public JsonTree(JsonElement value)
    {
        Value = value;
        Size = Encoding.UTF8.GetByteCount(value.GetRawText());
        Open(FirstRows, FirstLevels, SmallEnough);
    }

    public JsonElement Value { get; }

    /// <summary>Bytes of the value as it was read.</summary>
    public int Size { get; }

    public IReadOnlyList<JsonRow> Rows => _rows;

    /// <summary>True while a row can be opened or closed.</summary>
    public bool IsNested => _rows.Exists(row => row.Depth > 0 && row.Children > 0);

    public void Toggle(JsonRow row)
    {
        if (row.IsOpen)
        {
            Close(row);
        }
        else
        {
            Open(row);
        }
    }

    /// <summary>Shows the next batch of the children that a row has.</summary>
    public void More(JsonRow owner)
    {
        var at = _rows.FindIndex(row => row.IsMore && row.Owner == owner);
        _rows.RemoveAt(at);
        Insert(owner, at);
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
    public string ToIndentedText()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            Value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

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
                var wanted = siblings.Sum(row => Math.Min(row.Children, Batch));
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

    private void Open(JsonRow row)
    {
        row.IsOpen = true;
        row.Shown = 0;
        Insert(row, _rows.IndexOf(row) + 1);
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

    private void Insert(JsonRow owner, int at)
    {
        var children = owner.Value.ValueKind == JsonValueKind.Array
            ? owner.Value.EnumerateArray().Skip(owner.Shown).Take(Batch)
                .Select((child, index) => new JsonRow(owner, owner.Shown + index, owner.Depth + 1, child)).ToList()
            : owner.Value.EnumerateObject().Skip(owner.Shown).Take(Batch)
                .Select(child => new JsonRow(owner, child.Name, owner.Depth + 1, child.Value)).ToList();
        owner.Shown += children.Count;
        _rows.InsertRange(at, children);
        if (owner.Shown < owner.Children)
        {
            _rows.Insert(at + children.Count, JsonRow.More(owner));
        }
    }
}
