using System.Globalization;
using System.Text.Json;

namespace Attune.Modules.Events.Webhooks;

/// <summary>A place in a payload, such as <c>event.id</c>, <c>items[0].id</c> or <c>items.0.id</c>.</summary>
internal static class PayloadPath
{
    public const int MaxLength = 200;

    /// <summary>Whether the text is such a place.</summary>
    public static bool IsOne(string path) => path.Length is > 0 and <= MaxLength && Names(path).All(name => name.Length > 0);

    /// <summary>The text or the number at a place; null where there is neither.</summary>
    public static string? Find(JsonElement? payload, string path)
    {
        if (payload is not { } at)
        {
            return null;
        }

        foreach (var name in Names(path))
        {
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var member))
            {
                at = member;
            }
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else
            {
                return null;
            }
        }

        return at.ValueKind switch
        {
            JsonValueKind.String => SaidText.Clean(at.GetString()),
            JsonValueKind.Number => at.GetRawText(),
            _ => null,
        };
    }

    private static string[] Names(string path) =>
        path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.');
}
