using System.Text;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The lines of a shell that deliver a body as its sender would, with <c>curl</c> and <c>openssl</c>.</summary>
/// <param name="address">The webhook's address.</param>
/// <param name="headers">What is sent along, but for the proof.</param>
internal sealed class TrialCommand(string address, IReadOnlyDictionary<string, string> headers)
{
    /// <summary>What stands for a secret that is not shown.</summary>
    public const string Secret = "…";

    /// <summary>Lines that come before.</summary>
    public List<string> Lines { get; } = [];

    // With their values, to stand between double quotes.
    private readonly List<string> _headers = [.. headers.Select(header => $"{Quoted(header.Key)}: {Quoted(header.Value)}")];

    /// <summary>Other options of <c>curl</c>.</summary>
    public List<string> Options { get; } = [];

    /// <summary>The query with its question mark; empty for none.</summary>
    public string Query { get; set; } = "";

    public string Path { get; } = new Uri(address).AbsolutePath;

    /// <summary>What stands between double quotes, so that the shell takes it as it is.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            quoted.Append(letter is '"' or '$' or '`' or '\\' ? $"\\{letter}" : letter);
        }

        return quoted.ToString();
    }

    /// <summary>The value of a header that is signed; one that would not be sent is sent.</summary>
    public string Header(string name)
    {
        var start = $"{Quoted(name)}: ";
        if (_headers.FirstOrDefault(header => header.StartsWith(start, StringComparison.OrdinalIgnoreCase)) is { } there)
        {
            return there[start.Length..];
        }

        _headers.Add(start + TrialRequest.Any);
        return TrialRequest.Any;
    }

    /// <summary>Sends a header along.</summary>
    /// <param name="name">Its name, as it is: a webhook may be told any.</param>
    /// <param name="value">Its value as it stands between double quotes.</param>
    public void AddHeader(string name, string value) => _headers.Add($"{Quoted(name)}: {value}");

    /// <summary>Reads what is to be signed, and prints the signature as the scheme writes it.</summary>
    public static string Hmac(SignatureScheme scheme)
    {
        var key = scheme.SecretEncoding switch
        {
            "base64" => "-mac HMAC -macopt hexkey:$(printf %s \"${secret#whsec_}\" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')",
            "hex" => "-mac HMAC -macopt hexkey:$secret",
            _ => "-hmac \"$secret\"",
        };
        var digest = $"openssl dgst -{scheme.Algorithm} {key}";
        return scheme.Encoding switch
        {
            "hex" => $"{digest} -r | cut -d ' ' -f 1",
            "base64" => $"{digest} -binary | openssl base64 -A",
            _ => $"{digest} -binary | openssl base64 -A | tr '+/' '-_' | tr -d '='",
        };
    }

    /// <summary>The whole.</summary>
    /// <param name="body">What is sent.</param>
    /// <param name="isProved">Whether there is a secret to be filled in.</param>
    public string Write(string body, bool isProved)
    {
        var text = new StringBuilder();
        if (isProved)
        {
            text.Append($"secret='{Secret}'\n");
        }

        text.Append("webhook='").Append(Single(address)).Append("'\nbody='").Append(Single(body)).Append("'\n");
        foreach (var line in Lines)
        {
            text.Append(line).Append('\n');
        }

        text.Append("curl -X POST \"$webhook").Append(Query).Append('"');
        foreach (var option in Options.Concat(_headers.Select(header => $"-H \"{header}\"")))
        {
            text.Append(" \\\n  ").Append(option);
        }

        return text.Append(" \\\n  --data-binary \"$body\"").ToString();
    }

    // What stands between single quotes.
    private static string Single(string text) => text.Replace("'", "'\\''", StringComparison.Ordinal);
}
