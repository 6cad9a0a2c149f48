using System.Text.Json;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>The address of a request.</summary>
internal static class RequestAddress
{
    private const int Longest = 32 * 1024;

    /// <exception cref="ActionFailedException">It is no address that a request can go to.</exception>
    public static Uri Check(string text, string what)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            throw HttpRequestParameters.Wrong($"{what} must be an http or https address.");
        }

        // It would be shown wherever the address is.
        return url.UserInfo.Length == 0
            ? url
            : throw HttpRequestParameters.Wrong($"{what} must not hold a user name or password; use the header Authorization.");
    }

    /// <summary>The address with more in its query, encoded.</summary>
    /// <exception cref="ActionFailedException">It is no object of single values and lists of them, or too long.</exception>
    public static Uri WithQuery(Uri url, JsonElement? query)
    {
        if (query is not { } given)
        {
            return url;
        }

        var pairs = FormFields.Read(given, "query_params");
        var more = string.Join('&', pairs.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        var former = url.Query.TrimStart('?');
        var whole = url.GetLeftPart(UriPartial.Path) + (former.Length + more.Length == 0 ? "" : "?")
            + former + (former.Length > 0 && more.Length > 0 ? "&" : "") + more;
        return whole.Length <= Longest && Uri.TryCreate(whole, UriKind.Absolute, out var made)
            ? made
            : throw HttpRequestParameters.Wrong($"url and query_params have more than {Longest} characters.");
    }

    /// <summary>An address for a person to read: its query may hold a secret.</summary>
    public static string Shown(Uri url) => url.GetLeftPart(UriPartial.Path);
}
