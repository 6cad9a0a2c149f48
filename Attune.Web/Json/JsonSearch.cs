using System.Text.Json;

namespace Attune.Web.Json;

/// <summary>Looks for a text in the keys and the simple values of a JSON value, upper and lower case alike.</summary>
internal static class JsonSearch
{
    /// <summary>Places that are found at most.</summary>
    public const int Most = 1_000;

    /// <summary>Where it is: for each level the place among the children, from the outermost on; in the order of the value.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Find(JsonElement value, string text, CancellationToken cancellationToken)
    {
        var found = new List<IReadOnlyList<int>>();
        Walk(value, text, [], found, cancellationToken);
        return found;
    }

    private static void Walk(
        JsonElement value, string text, List<int> place, List<IReadOnlyList<int>> found, CancellationToken cancellationToken)
    {
        var position = 0;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    place.Add(position++);
                    Visit(member.Value, member.Name.Contains(text, StringComparison.OrdinalIgnoreCase));
                    place.RemoveAt(place.Count - 1);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    place.Add(position++);
                    Visit(item, isNamed: false);
                    place.RemoveAt(place.Count - 1);
                }

                break;
            default:
                if (place.Count == 0 && Has(value, text))
                {
                    found.Add([]);
                }

                break;
        }

        void Visit(JsonElement child, bool isNamed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (found.Count < Most)
            {
                if (isNamed || Has(child, text))
                {
                    found.Add([.. place]);
                }

                Walk(child, text, place, found, cancellationToken);
            }
        }
    }

    private static bool Has(JsonElement value, string text) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Contains(text, StringComparison.OrdinalIgnoreCase),
        JsonValueKind.Object or JsonValueKind.Array => false,
        _ => value.GetRawText().Contains(text, StringComparison.OrdinalIgnoreCase),
    };
}
