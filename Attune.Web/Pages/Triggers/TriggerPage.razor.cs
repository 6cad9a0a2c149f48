using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Triggers;

/// <summary>One trigger: its webhook, its latest events and the rules that listen to it.</summary>
public sealed partial class TriggerPage
{
    private const int Recent = 10;

    private static readonly TimeSpan DeliveriesKept = TimeSpan.FromDays(14);

    private Trigger? _trigger;
    private IReadOnlyList<EventSummary> _events = [];
    private IReadOnlyList<RuleSummary> _rules = [];
    private DeliveryCounts? _deliveries;
    private string? _secret;
    private bool _read;

    [Parameter]
    public required string Reference { get; set; }

    [Inject]
    public required ITriggerRepository Triggers { get; init; }

    [Inject]
    public required IEventRepository Events { get; init; }

    [Inject]
    public required IRuleRepository Rules { get; init; }

    [Inject]
    public required IWebhookDeliveries Deliveries { get; init; }

    [Inject]
    public required FreshSecrets Fresh { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IDialogService Dialogs { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    protected override object Subject => Reference;

    protected override void SubjectChanged() =>
        (_read, _trigger, _events, _rules, _deliveries, _secret) = (false, null, [], [], null, Fresh.Take(Reference));

    protected override bool Concerns(Change change) => change.Channel == Channels.EventCreated && change.TriggerRef == Reference;

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var trigger = await Triggers.FindAsync(Reference, cancellationToken);
        var events = await Events.ListAsync(
            new EventFilter { TriggerRef = Reference }, new PageRequest { Size = Recent }, cancellationToken);
        var rules = await Rules.ListAsync(
            new RuleFilter { TriggerRef = Reference }, new PageRequest { Size = PageRequest.MaxSize }, cancellationToken);
        (_trigger, _events, _rules) = (trigger, events.Items, rules.Items);
        _deliveries = trigger is { WebhookEnabled: true }
            ? await Deliveries.CountAsync(Reference, Clock.GetUtcNow() - DeliveriesKept, cancellationToken) : null;
        _read = true;
    }

    private void WebhookChanged(Trigger? trigger) => _trigger = trigger;

    private async Task EnableAsync(bool enabled)
    {
        var update = new TriggerUpdate { Enabled = enabled };
        if (await Snackbar.TryAsync(async () => _trigger = await Triggers.UpdateAsync(Reference, update, Leaving)))
        {
            Snackbar.Add(enabled ? $"{Reference} is enabled." : $"{Reference} is disabled: events of it are refused.");
        }
    }

    private async Task DeleteAsync()
    {
        var sure = await Dialogs.SureAsync(
            $"Delete {Reference}?",
            _rules.Count == 0 ? "Its webhook stops working at once. Its events are kept."
                : $"Its webhook stops working at once, and {Format.Count(_rules.Count, "rule")} will match nothing. Its events are kept.",
            "Delete");
        if (sure && await Snackbar.TryAsync(() => Triggers.DeleteAsync(Reference, Leaving)))
        {
            Snackbar.Add($"{Reference} has been deleted.");
            Navigation.NavigateTo(Urls.Triggers);
        }
    }
}
