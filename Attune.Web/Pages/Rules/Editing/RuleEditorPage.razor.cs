using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Lists;
using Attune.Web.Pages.Backtests;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>Makes a rule, or changes one: conditions as form and text, with an event and a count of matches beside them.</summary>
public sealed partial class RuleEditorPage
{
    private readonly EditorState _editor;
    private string? _opened;
    private bool _read;
    private bool _saving;
    private Rule? _base;
    private RuleVersion? _baseVersion;
    private RuleVersion? _meanwhile;
    private Event? _event;
    private IReadOnlyList<string> _triggers = [];
    private IReadOnlyList<ActionSummary> _actions = [];

    public RuleEditorPage() => _editor = new(Changed);

    /// <summary>The rule that is changed; null to make one.</summary>
    [Parameter]
    public string? Reference { get; set; }

    [Inject]
    public required IRuleRepository Rules { get; init; }

    [Inject]
    public required IActionRepository ActionRepository { get; init; }

    [Inject]
    public required IEventRepository Events { get; init; }

    [Inject]
    public required IRuleTrials Trials { get; init; }

    [Inject]
    public required IPayloadFields Fields { get; init; }

    [Inject]
    public required IParameterSecrets Secrets { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IDialogService Dialogs { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    private string Title => Reference is null ? "New rule" : $"Edit {Reference}";

    private string Whole => (Reference is null ? Draft with { Trigger = _editor.Form.Trigger } : Draft).Address(Reference);

    private BacktestQuery Draft => new() { IsDraft = true, Conditions = Conditions, Join = _editor.Written.Join };

    private string Conditions => DraftText.Of(_editor.Form.Unshown ?? _editor.Written.Json);

    protected override async Task OnParametersSetAsync()
    {
        var subject = Reference ?? "";
        if (_opened == subject)
        {
            return;
        }

        (_opened, _read, _isDirty) = (subject, false, false);
        await OpenAsync();
    }

    private async Task OpenAsync()
    {
        var query = EditorQuery.Parse(AddressQuery.Of(Navigation.Uri));
        var like = Reference ?? query.Like;
        var rule = like is null ? null : await Rules.FindAsync(like, Leaving);

        // A rule that begins with an event is one of the event's trigger.
        var trigger = query is { Trigger: null, Event: { } begun } && like is null
            ? (await Events.FindAsync(begun, Leaving))?.TriggerRef
            : query.Trigger;
        _base = Reference is null ? null : rule;
        _triggers = await Refs.TriggersAsync(Leaving);
        _actions = await WholeList.ReadAsync(ActionRepository.ListAsync, Leaving);
        var form = rule is null ? new() { Trigger = trigger ?? "", Action = query.Action ?? "" } : await FormOfAsync(rule);
        if (Reference is null)
        {
            form.Ref = "";
            form.Trigger = trigger ?? form.Trigger;
            if (rule is null)
            {
                form.TriggerFields = ParameterFields.Of(ParameterFields.OfTimer(form.Trigger), null);
                form.Parameters = ParameterFields.Of(await SchemaAsync(form.Action), null);
            }
        }

        _baseVersion = _base is null ? null : await HiddenAsync(await Rules.FindVersionAsync(_base.Ref, _base.Version, Leaving));
        _editor.Open(form);
        _meanwhile = null;
        _read = true;
        await ReadTriggerAsync(query.Event);
        if (Reference is null && query.Expression is { } expression)
        {
            _editor.TouchText(expression);
        }
        else
        {
            await TryAsync();
        }
    }

    // Compared without its secrets, a version still tells that one of them was changed.
    private async Task<RuleVersion?> HiddenAsync(RuleVersion? version) => version is null ? null : version with
    {
        ActionParams = (await Secrets.OfAsync(version.ActionRef, Leaving)).HideToCompare(version.ActionParams)!.Value,
    };

    private async Task<RuleForm> FormOfAsync(Rule rule) => RuleForm.Of(rule, await SchemaAsync(rule.ActionRef));

    private async Task<System.Text.Json.JsonElement?> SchemaAsync(string action) =>
        action.Length == 0 ? null : (await ActionRepository.FindAsync(action, Leaving))?.ParamSchema;

    private async Task ReadTriggerAsync(long? chosen)
    {
        var trigger = _editor.Form.Trigger;
        _editor.Known = trigger.Length == 0 ? null : await Fields.ReadAsync(trigger, Leaving);
        _event = (chosen is { } id ? await Events.FindAsync(id, Leaving) : null)
            ?? (trigger.Length == 0 ? null : await EventPanel.NewestAsync(Events, trigger, Leaving));
    }

    private async Task ChooseTriggerAsync(string trigger)
    {
        if (trigger == _editor.Form.Trigger)
        {
            return;
        }

        _editor.Form.Trigger = trigger;
        _editor.Form.TriggerFields = ParameterFields.Of(ParameterFields.OfTimer(trigger), null);
        await ReadTriggerAsync(null);
        _editor.Touch();
    }

    // What was said of a parameter stays where the other action has one of the name.
    private async Task ChooseActionAsync(string action)
    {
        if (action == _editor.Form.Action)
        {
            return;
        }

        var said = ParameterFields.Read(_editor.Form.Parameters.Where(field => !field.IsSecret));
        _editor.Form.Action = action;
        _editor.Form.Parameters = ParameterFields.Of(await SchemaAsync(action), said);
        _editor.Touch();
    }

    private async Task ShowAsync(Event found)
    {
        _event = found;
        await TryAsync();
        StateHasChanged();
    }
}
