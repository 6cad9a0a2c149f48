namespace Attune.Modules.Events.Webhooks;

/// <summary>Reads what settings say of a scheme, and notes it as it was understood.</summary>
internal static class SchemeFields
{
    private const int LongestAffix = 50;
    private const int LongestUser = 255;
    private const int LongestUrl = 500;

    /// <summary>A signature as it is described, but for the time it may be away.</summary>
    public static SignatureScheme Signature(ConfigSection section, IDictionary<string, object> options)
    {
        var signed = Signed(section, options);
        var scheme = new SignatureScheme
        {
            Header = Header(section, "header", options) ?? throw section.Wrong("header", "must name the header with the signature"),
            Encoding = OneOf(section, "encoding", options, "hex", "base64", "base64url"),
            Prefix = Prefix(section, options, ""),
            Algorithm = OneOf(section, "algorithm", options, "sha256", "sha1", "sha512"),
            Separator = Affix(section, "separator", options),
            Signed = signed,
            TimestampHeader = Header(section, "timestamp_header", options),
            TimestampPrefix = Affix(section, "timestamp_prefix", options),
            IdHeader = Header(section, "id_header", options),
            BaseUrl = BaseUrl(section, options),
        };
        CheckTime(section, scheme);
        return scheme.IdHeader is null == signed.Has("id") ? throw section.Wrong(
            "id_header", "belongs to {id} in signed: neither is of use without the other") : scheme;
    }

    public static string OneOf(ConfigSection section, string name, IDictionary<string, object> options, params string[] values)
    {
        var value = section.Text(name) ?? values[0];
        options[name] = values.Contains(value) ? value : throw section.Wrong(name, $"must be one of {string.Join(", ", values)}");
        return value;
    }

    public static string? Header(ConfigSection section, string name, IDictionary<string, object> options)
    {
        if (section.Text(name) is not { } header)
        {
            return null;
        }

        options[name] = HeaderName.IsValid(header) ? header : throw section.Wrong(name, "must be the name of a header");
        return header;
    }

    public static string Header(ConfigSection section, string name, IDictionary<string, object> options, string otherwise)
    {
        var header = Header(section, name, options) ?? otherwise;
        options[name] = header;
        return header;
    }

    public static string Prefix(ConfigSection section, IDictionary<string, object> options, string otherwise)
    {
        var prefix = section.Text("prefix") ?? otherwise;
        options["prefix"] = prefix.Length <= LongestAffix
            ? prefix : throw section.Wrong("prefix", $"must have at most {LongestAffix} characters");
        return prefix;
    }

    public static string User(ConfigSection section, IDictionary<string, object> options)
    {
        var user = section.Text("user");
        options["user"] = user?.Length is > 0 and <= LongestUser && !user.Contains(':', StringComparison.Ordinal)
            ? user : throw section.Wrong("user", $"must have 1 to {LongestUser} characters, none of them a colon");
        return user;
    }

    public static string? BaseUrl(ConfigSection section, IDictionary<string, object> options)
    {
        if (section.Text("base_url") is not { } url)
        {
            return null;
        }

        options["base_url"] = url.Length <= LongestUrl && Uri.TryCreate(url, UriKind.Absolute, out var address)
            && address is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
            ? url
            : throw section.Wrong("base_url", "must be what stands before /api/v1/webhooks where the sender knows it: https://example.org");
        return url;
    }

    private static SignedText Signed(ConfigSection section, IDictionary<string, object> options)
    {
        var (text, mistake) = SignedText.Parse(section.Text("signed") ?? "{body}");
        options["signed"] = text?.Template ?? throw section.Wrong("signed", mistake!);
        return text;
    }

    private static string? Affix(ConfigSection section, string name, IDictionary<string, object> options)
    {
        if (section.Text(name) is not { } text)
        {
            return null;
        }

        options[name] = text.Length is > 0 and <= LongestAffix
            ? text : throw section.Wrong(name, $"must have 1 to {LongestAffix} characters");
        return text;
    }

    // A time that is not signed could be changed by anybody, and one that is signed and not looked at protects nothing.
    private static void CheckTime(ConfigSection section, SignatureScheme scheme)
    {
        if (scheme is { TimestampHeader: not null, TimestampPrefix: not null })
        {
            throw section.Wrong("timestamp_prefix", "cannot be given together with timestamp_header");
        }

        if (scheme is { TimestampPrefix: not null, Separator: null })
        {
            throw section.Wrong("separator", "must say what stands between the time and the signature");
        }

        if (scheme.HasTimestamp != scheme.Signed.Has("timestamp"))
        {
            throw section.Wrong(
                scheme.TimestampPrefix is null ? "timestamp_header" : "timestamp_prefix",
                "belongs to {timestamp} in signed: neither is of use without the other");
        }
    }
}
