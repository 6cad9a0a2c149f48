using Attune.Db;

namespace Attune.Modules.Events;

/// <summary>The triggers, and the webhooks through which they fire.</summary>
public interface ITriggerRepository
{
    /// <summary>The trigger of a reference; null when there is none.</summary>
    Task<Trigger?> FindAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Triggers, by reference. There are few: pages go by offset.</summary>
    Task<Page<TriggerSummary>> ListAsync(bool enabledOnly, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Makes a trigger.</summary>
    /// <exception cref="RefusedException">A value is not acceptable, or the reference is taken.</exception>
    Task<Trigger> CreateAsync(NewTrigger trigger, CancellationToken cancellationToken);

    /// <summary>Changes a trigger; null when there is none.</summary>
    Task<Trigger?> UpdateAsync(string reference, TriggerUpdate update, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a trigger what is said, whole; one that is so already is left alone. The key of its webhook stays, and so do secrets that
    /// are not mentioned; sections of the settings that are not mentioned go.
    /// </summary>
    /// <exception cref="RefusedException">A value is not acceptable.</exception>
    Task<Applied<Trigger>> ApplyAsync(NewTrigger trigger, CancellationToken cancellationToken);

    /// <summary>Deletes a trigger. Rules and ledger rows keep its reference and id.</summary>
    /// <returns>False when there was none.</returns>
    Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Gives the trigger a webhook; one that it has keeps its key and its settings. Null when there is no such trigger.</summary>
    Task<Trigger?> EnableWebhookAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Takes the webhook away; its key is never valid again. Null when there is no such trigger.</summary>
    Task<Trigger?> DisableWebhookAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Replaces the key of the webhook. Null when there is no such trigger.</summary>
    /// <exception cref="RefusedException">The trigger has no webhook.</exception>
    Task<Trigger?> RegenerateWebhookAsync(string reference, CancellationToken cancellationToken);
}
