using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>One field of how a sender proves its deliveries.</summary>
public sealed partial class ProofField
{
    private static readonly Dictionary<string, Words> All = new()
    {
        ["tolerance_seconds"] = new(
            "Tolerance", "How far the time of a signature may be away, before or after.", "300", "seconds, 1 to 86,400"),
        ["header"] = new("Header", "The header with the signature or token.", "Authorization"),
        ["prefix"] = new("Prefix", "What comes before it in the header.", ""),
        ["separator"] = new("Separator", "What stands between several signatures.", ""),
        ["encoding"] = new("Written as", "How the signature is written.", Choices: ["hex", "base64", "base64url"]),
        ["algorithm"] = new("Algorithm", "The hash of the HMAC.", Choices: ["sha256", "sha1", "sha512"]),
        ["signed"] = new("What is signed", "{body}, and perhaps {timestamp}, {id}, {url}, {method}, {header:NAME}.", "{body}"),
        ["timestamp_header"] = new("Header of the time", "Where {timestamp} is.", ""),
        ["timestamp_prefix"] = new("Prefix of the time", "Where it stands beside the signature.", "t="),
        ["id_header"] = new("Header of the id", "Where {id} is.", ""),
        ["secret_encoding"] = new("Secret is written as", "text, unless the sender hands out bytes.", Choices: ["text", "base64", "hex"]),
        ["base_url"] = new("Address outside", "What stands before /api/v1/webhooks where the sender knows it.", "https://example.org"),
        ["user"] = new("User", "Without a colon.", ""),
    };

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    [Parameter, EditorRequired]
    public required TriggerDraft Draft { get; set; }

    [Parameter]
    public string? Mistake { get; set; }

    private string Id => $"webhook_config.verification.{Name}";

    private Words Shown => All[Name];

    private string Value => Draft.Fields.GetValueOrDefault(Name, "");

    private void Changed(ChangeEventArgs changed) => Draft.Fields[Name] = changed.Value as string ?? "";

    private sealed record Words(string Label, string Hint, string Otherwise = "", string? Unit = null, string[]? Choices = null);
}
