using System.Text.RegularExpressions;

namespace Attune.Modules.Enforcements.Actions.Schemas;

/// <summary>Tells by its name whether a value is a secret though no schema says so.</summary>
internal static partial class SecretNames
{
    private static readonly HashSet<string> Everywhere = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "api_key", "apikey", "x-auth-token",
        "x-access-token", "private-token", "x-vault-token", "password", "passwd", "secret", "client_secret", "access_token", "refresh_token",
        "private_key", "bearer_token", "auth_token",
    };

    /// <param name="name">The name of a member.</param>
    /// <param name="isHeader">Whether it is one of headers, where fewer names are harmless.</param>
    public static bool IsSecret(string name, bool isHeader) => Everywhere.Contains(name) || (isHeader && OfHeader().IsMatch(name));

    /// <summary>Whether what is within a member of this name are headers.</summary>
    public static bool AreHeaders(string name) =>
        name.Equals("headers", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_headers", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        "secret|token|signature|passw|credential|session|bearer|jwt|hmac|(api|access|subscription|private|shared|function)[-_.]?key",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfHeader();
}
