using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>The settings of a webhook, of which only those are shown that its sender needs.</summary>
public sealed partial class WebhookForm
{
    private bool _shows;

    [Parameter, EditorRequired]
    public required TriggerDraft Draft { get; set; }

    [Parameter, EditorRequired]
    public required FormMistakes Mistakes { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<WebhookSender> Senders { get; set; }

    private string SecretId => Draft.Sender.Scheme switch
    {
        "signature" => "webhook_config.hmac.secret",
        "basic" => "webhook_config.verification.password",
        _ => "webhook_config.verification.secret",
    };

    private string? Invalid(string place) => Mistakes.Of(place) is null ? null : "true";

    private void Make()
    {
        Draft.MakeSecret();
        _shows = true;
    }
}
