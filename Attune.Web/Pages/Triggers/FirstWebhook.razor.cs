using System.Text.Json;
using Attune.Db;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>How to get a first event in: from a terminal, or by a button.</summary>
public sealed partial class FirstWebhook
{
    private const string TriggerRef = "core.webhook";

    private Trigger? _trigger;
    private AppendedEvent? _sent;
    private string? _refused;
    private bool _read;
    private bool _sending;

    [Inject]
    public required ITriggerRepository Triggers { get; init; }

    [Inject]
    public required IEventLedger Ledger { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override async Task OnInitializedAsync()
    {
        _trigger = await Triggers.FindAsync(TriggerRef, Leaving);
        _read = true;
    }

    private static string Matched(AppendedEvent sent) => sent.Matched.Count switch
    {
        0 => "No rule matched it.",
        var count => $"{Format.Count(count, "rule")} matched it.",
    };

    private async Task SendAsync()
    {
        (_sending, _sent, _refused) = (true, null, null);
        try
        {
            _sent = await Ledger.AppendAsync(
                new NewEvent
                {
                    TriggerRef = TriggerRef,
                    SourceRef = "web",
                    Payload = JsonSerializer.SerializeToElement(
                        new { Message = "A test event from the overview", SentAt = Clock.GetUtcNow() }, Db.Json.Options),
                },
                Leaving);
        }
        catch (RefusedException refusal)
        {
            _refused = refusal.Message;
        }
        finally
        {
            _sending = false;
        }
    }
}
