using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The section <c>idempotency</c>: where a delivery says which one it is.</summary>
/// <param name="Headers">The names of headers, the first that came counts; null for those that senders usually send.</param>
/// <param name="PayloadPath">Where the payload says it, when no header does.</param>
internal sealed record IdempotencySettings(IReadOnlyList<string>? Headers, string? PayloadPath)
{
    /// <exception cref="RefusedException">It cannot be read.</exception>
    public static IdempotencySettings Parse(JsonElement json, string place)
    {
        var section = new ConfigSection(json, place, "headers", "payload_path");
        var path = section.Text("payload_path");
        return path is null || Webhooks.PayloadPath.IsOne(path)
            ? new(HeaderNames.Parse(section, "headers"), path)
            : throw section.Wrong("payload_path", "must be a place in the payload, such as id, event.id or items[0].id");
    }
}

/// <summary>Names of headers, as settings list them.</summary>
internal static class HeaderNames
{
    private const int Most = 50;
    private const int Longest = 100;

    /// <returns>Null where the field is not there.</returns>
    /// <exception cref="RefusedException">It is no list of names.</exception>
    public static IReadOnlyList<string>? Parse(ConfigSection section, string name)
    {
        var given = section.Value(name);
        if (given is { ValueKind: not JsonValueKind.Array } || given?.GetArrayLength() > Most)
        {
            throw section.Wrong(name, $"must be an array of at most {Most} names of headers");
        }

        return given is null ? null : [.. given.Value.EnumerateArray().Select((entry, i) =>
            entry.ValueKind == JsonValueKind.String && IsOne(entry.GetString()!)
                ? entry.GetString()!
                : throw section.Wrong($"{name}[{i}]", "must be the name of a header"))];
    }

    // RFC 9110: a token.
    private static bool IsOne(string name) =>
        name.Length is > 0 and <= Longest && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter));
}
