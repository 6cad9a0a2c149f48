using System.Security.Cryptography;
using System.Text;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// What a sender signs, written as a template such as <c>v0:{timestamp}:{body}</c>. Besides those two there are <c>{id}</c>,
/// <c>{url}</c>, <c>{method}</c> and <c>{header:NAME}</c>.
/// </summary>
internal sealed class SignedText
{
    private const string HeaderPrefix = "header:";
    private const int LongestTemplate = 200;

    private static readonly string[] Places = ["body", "timestamp", "id", "url", "method"];

    // A place in braces without them, or the bytes of what stands between.
    private readonly IReadOnlyList<(string? Place, byte[] Text)> _parts;

    private SignedText(string template, IReadOnlyList<(string? Place, byte[] Text)> parts)
    {
        Template = template;
        _parts = parts;
    }

    public string Template { get; }

    public bool Has(string place) => _parts.Any(part => part.Place == place);

    /// <returns>Null and what is wrong with the template, or the text.</returns>
    public static (SignedText? Text, string? Mistake) Parse(string template)
    {
        var parts = new List<(string? Place, byte[] Text)>();
        for (var at = 0; at < template.Length;)
        {
            var end = template.IndexOf(template[at] == '{' ? '}' : '{', at);
            if (template[at] != '{')
            {
                end = end < 0 ? template.Length : end;
                parts.Add((null, Encoding.UTF8.GetBytes(template[at..end])));
                at = end;
                continue;
            }

            if (end < 0 || !IsPlace(template[(at + 1)..end]))
            {
                return (null,
                    $"has a brace at character {at + 1} that begins none of {{{string.Join("}, {", Places)}}} and {{header:NAME}}");
            }

            parts.Add((template[(at + 1)..end], []));
            at = end + 1;
        }

        return template.Length > LongestTemplate ? (null, $"must have at most {LongestTemplate} characters")
            : parts.Count(part => part.Place == "body") != 1 ? (null, "must have {body} once: what is not signed can be changed by anybody")
            : (new(template, parts), null);
    }

    /// <summary>Adds the text to what is being hashed.</summary>
    /// <param name="hash">Where to.</param>
    /// <param name="body">The body, byte for byte as it came.</param>
    /// <param name="value">Answers what stands for any other place.</param>
    public void AppendTo(IncrementalHash hash, ReadOnlySpan<byte> body, Func<string, string> value)
    {
        foreach (var (place, text) in _parts)
        {
            hash.AppendData(place switch
            {
                null => text,
                "body" => body,
                _ => Encoding.UTF8.GetBytes(value(place)),
            });
        }
    }

    /// <summary>The text between double quotes of a shell.</summary>
    /// <param name="value">Answers what stands for a place, the body's included.</param>
    public string Write(Func<string, string> value) => string.Concat(
        _parts.Select(part => part.Place is { } place ? value(place) : TrialCommand.Quoted(Encoding.UTF8.GetString(part.Text))));

    /// <summary>The header that a place names; null when it names something else.</summary>
    public static string? HeaderOf(string place) =>
        place.StartsWith(HeaderPrefix, StringComparison.Ordinal) ? place[HeaderPrefix.Length..] : null;

    private static bool IsPlace(string place) => Places.Contains(place) || (HeaderOf(place) is { } name && HeaderName.IsValid(name));
}

/// <summary>Tells whether a text can be the name of a header.</summary>
internal static class HeaderName
{
    private const int Longest = 100;

    public static bool IsValid(string name) => name.Length is > 0 and <= Longest
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal));
}
