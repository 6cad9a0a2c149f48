using Attune.Modules.Events;

namespace Attune.Tests.Web.Fakes;

public sealed class FakeTriggers(FakeAttune attune) : ITriggerRepository
{
    public Task<Trigger?> FindAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult(attune.Triggers.GetValueOrDefault(reference));

    public Task<Page<TriggerSummary>> ListAsync(bool enabledOnly, PageRequest page, CancellationToken cancellationToken) =>
        FakeLists.PageByRefAsync(
            attune.Triggers.Values.Where(trigger => trigger.Enabled || !enabledOnly).Select(trigger => new TriggerSummary
            {
                Id = trigger.Id, Ref = trigger.Ref, PackRef = trigger.PackRef, Label = trigger.Label, Description = trigger.Description,
                Enabled = trigger.Enabled, WebhookEnabled = trigger.WebhookEnabled, Created = trigger.Created, Updated = trigger.Updated,
            }),
            page, trigger => trigger.Ref);

    public Task<Trigger> CreateAsync(NewTrigger trigger, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page makes triggers.");

    public Task<Applied<Trigger>> ApplyAsync(NewTrigger trigger, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page applies triggers.");

    public Task<Trigger?> UpdateAsync(string reference, TriggerUpdate update, CancellationToken cancellationToken) =>
        Task.FromResult(Change(reference, trigger => trigger with { Enabled = update.Enabled ?? trigger.Enabled }));

    public Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult(attune.Triggers.Remove(reference));

    public Task<Trigger?> EnableWebhookAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult(Change(reference, trigger => trigger with { WebhookEnabled = true, WebhookKey = trigger.WebhookKey ?? "wh_new" }));

    public Task<Trigger?> DisableWebhookAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult(Change(reference, trigger => trigger with { WebhookEnabled = false, WebhookKey = null }));

    public Task<Trigger?> RegenerateWebhookAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult(Change(reference, trigger => trigger with { WebhookKey = "wh_other" }));

    private Trigger? Change(string reference, Func<Trigger, Trigger> change) =>
        attune.Triggers.GetValueOrDefault(reference) is { } trigger ? attune.Triggers[reference] = change(trigger) : null;
}
