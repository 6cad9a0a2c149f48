using System.Text.RegularExpressions;

namespace Attune.Db.Values;

/// <summary>
/// Tells by its name whether a value may be a secret, so that it is kept nowhere or is shown to nobody. The one list: what is a secret in the
/// config of a pack is one among parameters, in a header and in an address.
/// </summary>
public static partial class SecretNames
{
    // Named like secrets, and none: they say what happened, or which delivery it is.
    private static readonly HashSet<string> HarmlessNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "X-Event-Key", "Idempotency-Key", "X-Idempotency-Key", "I-Twilio-Idempotency-Token", "ce-authid", "ce-authtype",
    };

    /// <summary>Whether a member of JSON of this name may hold a secret: of a config, of parameters, of a result.</summary>
    public static bool IsSecret(string name) => !IsHarmless(name) && (Secret().IsMatch(name) || KeyOfAccess().IsMatch(name));

    /// <summary>As <see cref="IsSecret"/>, of a parameter of an address: <c>key</c> is one there, and so is all that is about authorization.</summary>
    public static bool IsSecretParameter(string name) =>
        IsSecret(name) || (!IsHarmless(name) && (Authorization().IsMatch(name) || name.Equals("key", StringComparison.OrdinalIgnoreCase)));

    /// <summary>As <see cref="IsSecret"/>, of a header, where each key may be one and fewer names are harmless.</summary>
    public static bool IsSecretHeader(string name) =>
        IsSecret(name)
        || (!IsHarmless(name) && (Authorization().IsMatch(name) || name.Contains("key", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Whether what is within a member of this name are headers.</summary>
    public static bool AreHeaders(string name) =>
        name.Equals("headers", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_headers", StringComparison.OrdinalIgnoreCase);

    private static bool IsHarmless(string name) => HarmlessNames.Contains(name) || Counted().IsMatch(name);

    [GeneratedRegex(
        "secret(?!ar)|token|signature|passw|passphrase|cookie|credential|session|bearer|jwt|hmac|authori[sz]ation"
        + "|(^|[-_.])(sig|pwd|pass|pin)($|[-_.])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    [GeneratedRegex(
        "(api|access|subscription|private|shared|function|functions|client|app|license|hook|signing|encryption)[-_.]?key",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KeyOfAccess();

    [GeneratedRegex("auth(?!or(?!i[sz]))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Authorization();

    // How many tokens there are, of a text that is read or written.
    [GeneratedRegex(
        "^((max|min|total|prompt|completion|input|output)[-_.]?)?tokens?[-_.]?(count|limit)$|^(max|min|total|prompt|completion|input|output)[-_.]?tokens$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Counted();
}
