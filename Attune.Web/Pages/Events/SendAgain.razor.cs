using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Json;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Events;

/// <summary>Sends an event again, with another payload or to some rules alone; what would come of it is shown before.</summary>
public sealed partial class SendAgain
{
    /// <summary>The longest payload that is edited; a message of the browser's has to hold it.</summary>
    public const int Most = 50_000;

    private const int MostShown = 100;
    private const int MostChanges = 50;
    private const int FewestRows = 8;
    private const int MostRows = 24;

    private readonly Dictionary<string, JsonElement?> _parameters = [];
    private ElementReference _area;
    private string _text = "";
    private JsonElement? _payload;
    private string? _mistake;
    private string? _refusal;
    private IReadOnlyList<FieldChange> _changes = [];
    private HashSet<string>? _only;
    private ReplayTrial? _trial;
    private long? _shown;
    private bool _busy;

    /// <summary>The event.</summary>
    [Parameter, EditorRequired]
    public required Event Shown { get; set; }

    [Inject]
    public required IEventReplays Replays { get; init; }

    [Inject]
    public required IParameterSecrets Secrets { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    private bool IsTooLong => _text.Length > Most;

    private int Rows => Math.Clamp(_text.Count(character => character == '\n') + 1, FewestRows, MostRows);

    private string Note => _trial switch
    {
        null => "Try it first: nothing is written by that.",
        { TriggerEnabled: false } => "The trigger is gone or disabled, so nothing can be sent.",
        _ => "",
    };

    private EventReplay Replay => new()
    {
        Payload = IsTooLong || _changes.Count == 0 ? null : _payload,
        Rules = _only is null ? null : [.. _only.Order(StringComparer.Ordinal)],
    };

    protected override void OnParametersSet()
    {
        if (_shown != Shown.Id)
        {
            (_shown, _payload, _mistake, _refusal, _changes, _only, _trial) = (Shown.Id, Shown.Payload, null, null, [], null, null);
            _text = Shown.Payload is { } payload ? JsonTexts.OfIndented(payload) : "null";
        }
    }

    // Whoever opened the form wants to write in it.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && !IsTooLong)
        {
            await _area.FocusAsync();
        }
    }

    private static (string Text, Tone Tone) Word(ReplayTrialRule rule) => rule switch
    {
        { Fault: not null } => ("Would fail", Tone.Bad),
        { Matches: true, State: RuleState.Shadow } => ("Would match as shadow", Tone.Caution),
        { Matches: true } => ("Would match", Tone.Good),
        { IsPaused: true } => ("Paused", Tone.Bad),
        { Verdict: Verdict.True } => ("Disabled", Tone.Neutral),
        _ => ("Would not match", Tone.Neutral),
    };

    private static string Outcome(ReplayTrial trial)
    {
        var matching = trial.Rules.Count(rule => rule.Matches);
        var windows = trial.Rules.Count(rule => rule is { Matches: true, HasWindow: true });
        return $"{Format.Number(matching)} of {Format.Count(trial.Rules.Count, "rule")} would match."
            + (windows == 0 ? "" : $" A window may hold back {Format.Number(windows)} of them.");
    }

    private void Typed(string? typed)
    {
        _text = typed ?? "";
        (_payload, _mistake) = JsonTexts.Read(_text);
        _changes = _mistake is null ? FieldChange.Between("payload", Shown.Payload, _payload, MostChanges) : [];
        (_trial, _refusal) = (null, null);
    }

    private void Choose(string rule, bool isChosen)
    {
        var all = _trial!.Rules.Select(one => one.RuleRef).ToHashSet(StringComparer.Ordinal);
        var chosen = (_only ?? all).Where(one => one != rule || isChosen).Concat(isChosen ? [rule] : []).ToHashSet(StringComparer.Ordinal);
        _only = chosen.SetEquals(all) ? null : chosen;
        _refusal = chosen.Count == 0 ? "Choose at least one rule." : null;
    }

    private async Task TryAsync()
    {
        (_busy, _refusal) = (true, null);
        try
        {
            // Of all rules that would be asked: which of them it is sent to is chosen then.
            var trial = await Replays.TryAsync(Shown.Id, Replay with { Rules = null }, Leaving);
            _parameters.Clear();
            foreach (var rule in trial?.Rules.Where(rule => rule.Parameters is not null).Take(MostShown) ?? [])
            {
                _parameters[rule.RuleRef] = (await Secrets.OfAsync(rule.ActionRef, Leaving)).Hide(rule.Parameters);
            }

            (_trial, _refusal) = (trial, trial is null ? "The event is not there any more." : null);
        }
        catch (RefusedException refused)
        {
            (_trial, _refusal) = (null, refused.Message);
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task SendAsync()
    {
        if (_only is { Count: 0 })
        {
            _refusal = "Choose at least one rule.";
            return;
        }

        _busy = true;
        try
        {
            if (await Replays.ReplayAsync(Shown.Id, Replay, Leaving) is { } again)
            {
                Snackbar.Add($"Sent again as event #{again.Event.Id}.");
                Navigation.NavigateTo(Urls.Event(again.Event.Id));
            }
            else
            {
                _refusal = "The event is not there any more.";
            }
        }
        catch (RefusedException refused)
        {
            _refusal = refused.Message;
        }
        finally
        {
            _busy = false;
        }
    }

    private void Close() => Navigation.NavigateTo(Urls.Event(Shown.Id), replace: true);
}
