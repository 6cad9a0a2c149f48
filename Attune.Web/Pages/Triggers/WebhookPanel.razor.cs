using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Triggers;

/// <summary>A trigger's webhook: its address, hidden until it is asked for, and switching it on, off and over.</summary>
public sealed partial class WebhookPanel
{
    private string? _command;
    private bool _reveals;

    [Parameter, EditorRequired]
    public required Trigger Trigger { get; set; }

    /// <summary>The secret that was entered a moment ago; null when there is none to show.</summary>
    [Parameter]
    public string? Secret { get; set; }

    /// <summary>The trigger as it is then; null when it has been deleted meanwhile.</summary>
    [Parameter]
    public EventCallback<Trigger?> Changed { get; set; }

    [Inject]
    public required ITriggerRepository Triggers { get; init; }

    [Inject]
    public required IWebhookTrials Trials { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IDialogService Dialogs { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    private WebhookConfig Config => Trigger.WebhookConfig;

    private WebhookSender Sender => Trials.SenderOf(Trigger.Ref, Config);

    private WebhookSigning? Signing => Config.Hmac is { Enabled: true } signing ? signing : null;

    private WebhookVerification? Proof => Config.Verification is { Enabled: true } proof ? proof : null;

    private string? Rate => Config.RateLimit is { Enabled: true } rate
        ? $"At most {Format.Count(rate.Requests ?? 0, "request")} in {Format.Count(rate.WindowSeconds ?? 0, "second")}"
        : null;

    private string? Largest => Config.PayloadSizeLimitKb is { } limit ? $"At most {Format.Number(limit)} KiB" : null;

    protected override async Task OnParametersSetAsync()
    {
        if (Trigger is not { WebhookKey: not null, WebhookConfig.Mistake: null })
        {
            _command = null;
            return;
        }

        try
        {
            _command = await Trials.CommandAsync(Trigger.Ref, Sender, Trials.Example(Sender), new(Navigation.BaseUri), Leaving);
        }
        catch (Db.RefusedException)
        {
            // Its sender has yet to name the secret: there is nothing to sign with.
            _command = null;
        }
    }

    private string Address(string key) => Urls.Webhook(Navigation.BaseUri, key);

    private Task EnableAsync() => ChangeAsync(Triggers.EnableWebhookAsync);

    private async Task DisableAsync()
    {
        if (await Dialogs.SureAsync("Turn the webhook off?", "Its address stops working at once, and for good.", "Turn off"))
        {
            await ChangeAsync(Triggers.DisableWebhookAsync);
        }
    }

    private async Task RegenerateAsync()
    {
        if (await Dialogs.SureAsync(
            "Make a new key?", "The present address stops working at once; senders need the new one.", "Make a new key"))
        {
            await ChangeAsync(Triggers.RegenerateWebhookAsync);
        }
    }

    private Task ChangeAsync(Func<string, CancellationToken, Task<Trigger?>> change) =>
        Snackbar.TryAsync(async () => await Changed.InvokeAsync(await change(Trigger.Ref, Leaving)));
}
