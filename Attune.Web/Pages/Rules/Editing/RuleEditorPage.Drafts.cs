using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Attune.Web.Pages.Rules.Editing;

/// <content>Drafts that the browser keeps: they outlive a reload and the host.</content>
public sealed partial class RuleEditorPage : IAsyncDisposable
{
    private static readonly TimeSpan BetweenKeeps = TimeSpan.FromMilliseconds(500);

    private EditorBrowser? _browser;
    private string? _offeredFor;
    private StoredDraft? _offered;
    private bool _isKeeping;
    private bool? _isKept;

    [Inject]
    public required Browser Browser { get; init; }

    private string Kept => (_isDirty, _isKept) switch
    {
        (true, true) => "Not saved. Kept in this browser.",
        (true, false) => "Not saved. This browser keeps no drafts.",
        (true, null) => "Not saved.",
        _ => "",
    };

    private string DraftOf => Reference ?? "new";

    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (_browser is not null)
        {
            try
            {
                await _browser.SetDirtyAsync(false, CancellationToken.None);
            }
            catch (JSDisconnectedException)
            {
                // The browser left first.
            }
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_read || (Reference is not null && _base is null))
        {
            return;
        }

        if (_browser is null && await Browser.ScriptAsync("rule-editor.js", Leaving) is { } script)
        {
            _browser = new(script);
        }

        if (_offeredFor != _opened)
        {
            _offeredFor = _opened;
            await OfferAsync();
        }

        if (_editor.Focus is { } id)
        {
            _editor.Focus = null;
            await _browser!.FocusAsync(id, Leaving);
        }
    }

    private async Task FocusAsync(string id)
    {
        // What is to have it may not be drawn yet.
        _editor.Focus = id;
        StateHasChanged();
        await Task.CompletedTask;
    }

    private async Task OfferAsync()
    {
        _offered = await _browser!.NewestAsync(DraftOf, Leaving);
        if (_offered is not null)
        {
            StateHasChanged();
        }
    }

    // At most every so often, and always once more after the last change.
    private void KeepSoon()
    {
        if (!_isKeeping)
        {
            _isKeeping = true;
            _ = KeepAsync();
        }
    }

    private async Task KeepAsync()
    {
        try
        {
            await Task.Delay(BetweenKeeps, Clock, Leaving);
            _isKeeping = false;
            if (_browser is null || !_isDirty || _isLeaving)
            {
                return;
            }

            await _browser.SetDirtyAsync(true, Leaving);
            var draft = StoredDraft.Of(_editor.Form, _base?.Version, Clock.GetUtcNow());
            _isKept = await _browser.KeepAsync(DraftOf, _base?.Version, draft, Leaving);
            StateHasChanged();
        }
        catch (Exception error) when (error is OperationCanceledException or JSDisconnectedException)
        {
            // The reader has left.
        }
    }

    private async Task RestoreAsync(StoredDraft draft)
    {
        var form = _base is null ? new RuleForm() : await FormOfAsync(_base);
        form.TriggerFields = ParameterFields.Of(
            ParameterFields.OfTimer(draft.Trigger), draft.Trigger == _base?.TriggerRef ? _base.TriggerParams : null);
        form.Parameters = ParameterFields.Of(
            await SchemaAsync(draft.Action), draft.Action == _base?.ActionRef ? _base.ActionParams : null);
        draft.Fill(form);
        _offered = null;
        if (draft.Version is { } version && version != _base?.Version)
        {
            await RebaseAsync(version);
        }

        _editor.Open(form);
        await ReadTriggerAsync(null);
        _editor.Touch();
    }

    // It was made from an earlier version: saving it says so, and shows what has come since.
    private async Task RebaseAsync(int version)
    {
        if (Reference is not null && await Rules.FindVersionAsync(Reference, version, Leaving) is { } earlier && _base is { } now)
        {
            _baseVersion = await HiddenAsync(earlier);
            _base = now with
            {
                Version = version, TriggerRef = earlier.TriggerRef, TriggerParams = earlier.TriggerParams, Condition = earlier.Condition,
                Conditions = earlier.Conditions, ActionRef = earlier.ActionRef, ActionParams = earlier.ActionParams, Window = earlier.Window,
            };
        }
    }

    private async Task ForgetAsync()
    {
        _offered = null;
        if (_browser is not null)
        {
            await _browser.SetDirtyAsync(false, Leaving);
            await _browser.ForgetAsync(DraftOf, Leaving);
        }
    }
}
