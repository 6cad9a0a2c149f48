using System.Text.Json;
using Attune.Web.Shared;

namespace Attune.Web.Json;

/// <summary>Finds the rows of a tree that a path leads to, opening what is closed on the way.</summary>
internal static class JsonMarks
{
    // Of a list that a path goes through, so many items are followed.
    private const int MostItems = 20;

    /// <summary>The rows at a path; where it leads nowhere, the innermost row that is there.</summary>
    /// <param name="tree">What is looked into.</param>
    /// <param name="path">Below the outermost value, such as <c>.user.name</c>, <c>.alerts[*].status</c> or <c>["a.b"]</c>.</param>
    public static IReadOnlyList<JsonRow> Find(JsonTree tree, string path)
    {
        var found = new List<JsonRow>();
        Follow(tree, tree.Rows[0], [.. Steps(path)], 0, found);
        return found;
    }

    /// <summary>The parts of a path: names, places in lists, and <c>*</c> for each item.</summary>
    internal static IEnumerable<string> Steps(string path)
    {
        for (var at = 0; at < path.Length;)
        {
            if (path[at] == '.')
            {
                at++;
            }
            else if (path.AsSpan(at).StartsWith("[\"", StringComparison.Ordinal) && QuoteEnd(path, at + 2) is { } end)
            {
                yield return JsonSerializer.Deserialize<string>(path.AsSpan(at + 1, end - at))!;
                at = end + 2;
            }
            else if (path[at] == '[' && path.IndexOf(']', at) is > 0 and var close)
            {
                yield return path[(at + 1)..close];
                at = close + 1;
            }
            else
            {
                var next = path.AsSpan(at + 1).IndexOfAny('.', '[');
                var stop = next < 0 ? path.Length : at + 1 + next;
                yield return path[at..stop];
                at = stop;
            }
        }
    }

    private static int? QuoteEnd(string path, int at)
    {
        for (; at < path.Length; at++)
        {
            if (path[at] == '"')
            {
                return at;
            }

            at += path[at] == '\\' ? 1 : 0;
        }

        return null;
    }

    private static void Follow(JsonTree tree, JsonRow row, IReadOnlyList<string> steps, int step, List<JsonRow> found)
    {
        if (step == steps.Count || row.Children == 0)
        {
            found.Add(row);
            return;
        }

        if (!row.IsOpen)
        {
            tree.Toggle(row);
        }

        if (steps[step] == "*")
        {
            foreach (var item in tree.Rows.Where(child => child.Owner == row && !child.IsMore).Take(MostItems).ToList())
            {
                Follow(tree, item, steps, step + 1, found);
            }
        }
        else if (Child(tree, row, steps[step]) is { } child)
        {
            Follow(tree, child, steps, step + 1, found);
        }
        else
        {
            found.Add(row);
        }
    }

    private static JsonRow? Child(JsonTree tree, JsonRow row, string name)
    {
        var shown = Visible.Text(name);
        while (true)
        {
            if (tree.Rows.FirstOrDefault(child => child.Owner == row && !child.IsMore && child.Name == shown) is { } child)
            {
                return child;
            }

            if (row.Shown >= row.Children)
            {
                return null;
            }

            tree.More(row);
        }
    }
}
