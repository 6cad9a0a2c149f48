using Attune.Db;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Triggers;

/// <summary>Makes a trigger with its webhook, or changes one. What is refused is told at its field, and nothing typed is lost.</summary>
public sealed partial class TriggerEditPage
{
    private const string FirstSender = "github";

    private readonly FormMistakes _mistakes = new();
    private TriggerDraft? _draft;
    private Trigger? _trigger;
    private IReadOnlyList<string> _packs = [];
    private bool _read;
    private bool _saving;

    /// <summary>The trigger that is changed; null for a new one.</summary>
    [Parameter]
    public string? Reference { get; set; }

    /// <summary>The sender that a new one is for.</summary>
    [SupplyParameterFromQuery(Name = "sender")]
    public string? Sender { get; set; }

    [Inject]
    public required ITriggerRepository Triggers { get; init; }

    [Inject]
    public required IWebhookTrials Trials { get; init; }

    [Inject]
    public required ICatalogue Catalogue { get; init; }

    [Inject]
    public required FreshSecrets Fresh { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    private string Suggested =>
        _draft!.Sender.Name is "anybody" or "token" or "basic" or "hmac" or "signature" ? "demo.push" : $"{_draft.Sender.Name}.event";

    protected override async Task OnParametersSetAsync()
    {
        _packs = [.. (await Catalogue.ListPacksAsync(Leaving)).Select(pack => pack.Ref)];
        if (Reference is { } reference)
        {
            _trigger = await Triggers.FindAsync(reference, Leaving);
            _draft = _trigger is null ? null : TriggerDraft.Of(_trigger, Trials.SenderOf(reference, _trigger.WebhookConfig));
        }
        else
        {
            _draft ??= TriggerDraft.New(
                Trials.Senders.FirstOrDefault(one => one.Name == Sender) ?? Trials.Senders.First(one => one.Name == FirstSender));
        }

        _read = true;
    }

    private string? Invalid(string place) => _mistakes.Of(place) is null ? null : "true";

    private async Task SaveAsync()
    {
        if (_saving || _draft is not { } draft)
        {
            return;
        }

        _mistakes.Clear();
        _saving = true;
        try
        {
            if (await WriteAsync(draft) is { } saved)
            {
                Fresh.Keep(saved.Ref, draft.HasWebhook ? draft.Secret : "");
                Snackbar.Add(Reference is null ? $"{saved.Ref} has been made." : $"{saved.Ref} has been saved.");
                Navigation.NavigateTo(Urls.Trigger(saved.Ref));
            }
        }
        catch (RefusedException refused)
        {
            _mistakes.Add(refused);
        }
        finally
        {
            _saving = false;
        }
    }

    private async Task<Trigger?> WriteAsync(TriggerDraft draft)
    {
        if (Reference is not { } reference)
        {
            return draft.ToNew(_mistakes) is { } made ? await Triggers.CreateAsync(made, Leaving) : null;
        }

        if (draft.ToUpdate(_mistakes) is not { } update)
        {
            return null;
        }

        var saved = await Triggers.UpdateAsync(reference, update, Leaving)
            ?? throw RefusedException.NotFound($"{reference} has been deleted meanwhile.");
        return draft.HasWebhook == saved.WebhookEnabled ? saved
            : draft.HasWebhook ? await Triggers.EnableWebhookAsync(reference, Leaving)
            : await Triggers.DisableWebhookAsync(reference, Leaving);
    }
}
