using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Triggers;

/// <summary>A trigger's webhook: its address, and switching it on, off and over.</summary>
public sealed partial class WebhookPanel : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();

    [Parameter, EditorRequired]
    public required Trigger Trigger { get; set; }

    /// <summary>The trigger as it is then; null when it has been deleted meanwhile.</summary>
    [Parameter]
    public EventCallback<Trigger?> Changed { get; set; }

    [Inject]
    public required ITriggerRepository Triggers { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IDialogService Dialogs { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    /// <summary>What is asked of those who post.</summary>
    private IEnumerable<string> Demands
    {
        get
        {
            var config = Trigger.WebhookConfig;
            if (config.Hmac is { Enabled: true } signing)
            {
                yield return $"Each body must be signed ({signing.Algorithm}).";
            }

            if (config.IpWhitelist is { Enabled: true } addresses)
            {
                yield return $"Only these addresses may post: {string.Join(", ", addresses.Ips)}.";
            }

            if (config.RateLimit is { Enabled: true } rate)
            {
                yield return $"At most {rate.Requests} requests in {rate.WindowSeconds} seconds.";
            }

            if (config.PayloadSizeLimitKb is { } limit)
            {
                yield return $"A body has at most {limit} KiB.";
            }
        }
    }

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    private Task EnableAsync() => ChangeAsync(Triggers.EnableWebhookAsync);

    private async Task DisableAsync()
    {
        if (await SureAsync("Turn the webhook off?", "Its address stops working at once, and for good.", "Turn off"))
        {
            await ChangeAsync(Triggers.DisableWebhookAsync);
        }
    }

    private async Task RegenerateAsync()
    {
        if (await SureAsync("Make a new key?", "The present address stops working at once; senders need the new one.", "Make a new key"))
        {
            await ChangeAsync(Triggers.RegenerateWebhookAsync);
        }
    }

    private Task ChangeAsync(Func<string, CancellationToken, Task<Trigger?>> change) =>
        Snackbar.TryAsync(async () => await Changed.InvokeAsync(await change(Trigger.Ref, _leaving.Token)));

    private async Task<bool> SureAsync(string title, string text, string yes) =>
        await Dialogs.ShowMessageBoxAsync(title, text, yes, cancelText: "Cancel") == true;
}
