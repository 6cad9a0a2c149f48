using System.Text.RegularExpressions;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Tells by its name whether a header or a parameter may hold a secret, so that it is kept nowhere.</summary>
internal static partial class SecretNames
{
    // Named like secrets, and none: they say what happened, or which delivery it is.
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "X-Event-Key", "Idempotency-Key", "X-Idempotency-Key", "I-Twilio-Idempotency-Token", "ce-authid", "ce-authtype",
    };

    public static bool IsSecretHeader(string name) => !Harmless.Contains(name) && (Secret().IsMatch(name) || Key().IsMatch(name));

    /// <summary>As for a header, but for keys that name a thing: <c>issueKey</c> is one, and <c>api_key</c> is a secret.</summary>
    public static bool IsSecretParameter(string name) =>
        !Harmless.Contains(name) && (Secret().IsMatch(name) || KeyOfAccess().IsMatch(name));

    [GeneratedRegex(
        "secret|token|signature|passw|passphrase|cookie|credential|session|bearer|jwt|hmac|auth(?!or(?!i[sz]))|(^|[-_.])(sig|pwd|pass|pin)($|[-_.])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    [GeneratedRegex("key", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Key();

    [GeneratedRegex(
        "^key$|(api|access|subscription|private|shared|function|functions|client|app|license|hook)[-_.]?key",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KeyOfAccess();
}
