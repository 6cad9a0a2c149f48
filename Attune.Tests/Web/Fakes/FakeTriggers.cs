using Attune.Modules.Events;
using Attune.Modules.Events.Triggers;
using Attune.Modules.Events.Webhooks;

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

    /// <summary>Refuses what the module refuses.</summary>
    public Task<Trigger> CreateAsync(NewTrigger trigger, CancellationToken cancellationToken)
    {
        var pack = TriggerRules.Check(trigger);
        var settings = WebhookSettings.Merge(TriggerRepository.NoSettings, trigger.WebhookConfig ?? TriggerRepository.NoSettings);
        if (attune.Triggers.ContainsKey(trigger.Ref))
        {
            throw new RefusedException(RefusalKind.Conflict, "ref", $"Trigger '{trigger.Ref}' already exists");
        }

        attune.Settings[trigger.Ref] = settings;
        return Task.FromResult(attune.Triggers[trigger.Ref] = new()
        {
            Id = attune.NextId(), Ref = trigger.Ref, PackRef = pack, Label = trigger.Label, Description = trigger.Description,
            Enabled = trigger.Enabled, ParamSchema = trigger.ParamSchema, OutSchema = trigger.OutSchema,
            WebhookEnabled = trigger.WebhookEnabled, WebhookKey = trigger.WebhookEnabled ? "wh_new" : null,
            WebhookConfig = WebhookSettings.Shown(settings), IsAdhoc = true, Created = attune.Clock.GetUtcNow(),
            Updated = attune.Clock.GetUtcNow(),
        });
    }

    public Task<Applied<Trigger>> ApplyAsync(NewTrigger trigger, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page applies triggers.");

    public Task<Trigger?> UpdateAsync(string reference, TriggerUpdate update, CancellationToken cancellationToken)
    {
        TriggerRules.Check(update);
        var settings = attune.Settings[reference] = WebhookSettings.Merge(
            attune.Settings.GetValueOrDefault(reference, TriggerRepository.NoSettings), update.WebhookConfig ?? TriggerRepository.NoSettings);
        return Task.FromResult(Change(reference, trigger => trigger with
        {
            Enabled = update.Enabled ?? trigger.Enabled, Label = update.Label ?? trigger.Label,
            WebhookConfig = update.WebhookConfig is null ? trigger.WebhookConfig : WebhookSettings.Shown(settings),
        }));
    }

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
