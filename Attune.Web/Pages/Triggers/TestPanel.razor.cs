using Attune.Db;
using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>Posts an example to a trigger's webhook, and shows what came of it.</summary>
public sealed partial class TestPanel
{
    private WebhookSender _sender = null!;
    private string _body = "";
    private string? _shownFor;
    private WebhookReceipt? _sent;
    private string? _refused;
    private bool _sending;

    [Parameter, EditorRequired]
    public required Trigger Trigger { get; set; }

    /// <summary>A delivery was made, and taken or refused.</summary>
    [Parameter]
    public EventCallback Sent { get; set; }

    [Inject]
    public required IWebhookTrials Trials { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override void OnParametersSet()
    {
        if (_shownFor == Trigger.Ref)
        {
            return;
        }

        _shownFor = Trigger.Ref;
        (_sent, _refused) = (null, null);
        _sender = Trials.SenderOf(Trigger.Ref, Trigger.WebhookConfig);
        Anew();
    }

    private void Choose(ChangeEventArgs changed)
    {
        _sender = Trials.Senders.First(sender => sender.Name == changed.Value as string);
        Anew();
    }

    private void Anew() => _body = Trials.Example(_sender);

    private async Task SendAsync()
    {
        (_sending, _sent, _refused) = (true, null, null);
        try
        {
            _sent = await Trials.SendAsync(Trigger.Ref, _sender, _body, new(Navigation.BaseUri), Leaving);
        }
        catch (RefusedException refused)
        {
            _refused = refused.Message;
        }
        finally
        {
            _sending = false;
        }

        await Sent.InvokeAsync();
    }
}
