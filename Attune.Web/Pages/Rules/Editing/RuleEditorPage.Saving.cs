using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components.Routing;

namespace Attune.Web.Pages.Rules.Editing;

/// <content>Trying what is typed, and saving it.</content>
public sealed partial class RuleEditorPage
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private int _trying;
    private bool _isDirty;
    private bool _isLeaving;

    private void Changed()
    {
        _isDirty = true;
        _ = InvokeAsync(async () =>
        {
            StateHasChanged();
            KeepSoon();
            await TrySoonAsync();
        });
    }

    private async Task TrySoonAsync()
    {
        var turn = ++_trying;
        try
        {
            await Task.Delay(Pause, Clock, Leaving);
            if (turn == _trying)
            {
                await TryAsync();
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The reader has left.
        }
        catch (Exception error)
        {
            await DispatchExceptionAsync(error);
        }
    }

    // An answer to what has been changed since is of no use.
    private async Task TryAsync()
    {
        var (revision, shown) = (_editor.Revision, _event);
        var trial = await Trials.TryAsync(_editor.Request(shown?.Id), Leaving);
        if (revision == _editor.Revision && shown == _event)
        {
            _editor.Take(trial);
        }
    }

    private async Task SaveAsync()
    {
        if (_saving)
        {
            return;
        }

        _saving = true;
        try
        {
            await TryAsync();
            var missing = EditorPlaces.Missing(_editor).ToList();
            if (missing.Count > 0)
            {
                await RefuseAsync(missing);
                return;
            }

            var saved = Reference is null
                ? await Rules.CreateAsync(_editor.Form.ToRule(_editor.Written), Leaving)
                : await Rules.UpdateAsync(
                    Reference, _editor.Form.ChangesOf(_base!, _editor.Written) with { ExpectedVersion = _base!.Version }, Leaving);
            if (saved is null)
            {
                await RefuseAsync([new("ref", $"{Reference} has been deleted meanwhile. What stands here can be created as a new rule.")]);
                return;
            }

            _isLeaving = true;
            await ForgetAsync();
            Snackbar.Add(Reference is null ? $"{saved.Ref} has been created." : $"{saved.Ref} has been saved.");
            Navigation.NavigateTo(Urls.Rule(saved.Ref));
        }
        catch (RefusedException refused) when (refused is { Kind: RefusalKind.Conflict, Field: "expected_version" })
        {
            var newest = await Rules.FindAsync(Reference!, Leaving);
            _meanwhile = newest is null ? null : await HiddenAsync(await Rules.FindVersionAsync(newest.Ref, newest.Version, Leaving));
            await FocusAsync("conflict");
        }
        catch (RefusedException refused)
        {
            await RefuseAsync([new(refused.Field ?? "", refused.Message)]);
        }
        finally
        {
            _saving = false;
        }
    }

    private async Task RefuseAsync(IReadOnlyList<RuleMistake> mistakes)
    {
        _editor.Refuse(mistakes);
        StateHasChanged();
        await FocusAsync("refused");
    }

    private Task GoToAsync(RuleMistake mistake) => FocusAsync(EditorPlaces.IdOf(mistake, _editor));

    private async Task TakeTheirsAsync()
    {
        _isDirty = false;
        await ForgetAsync();
        await OpenAsync();
    }

    // What nobody changed here stays as the others have it: only what is otherwise than at the beginning is sent.
    private async Task KeepMineAsync()
    {
        var changes = _editor.Form.ChangesOf(_base!, _editor.Written) with { ExpectedVersion = _meanwhile!.Version };
        try
        {
            if (await Rules.UpdateAsync(Reference!, changes, Leaving) is { } saved)
            {
                _isLeaving = true;
                await ForgetAsync();
                Snackbar.Add($"{saved.Ref} has been saved.");
                Navigation.NavigateTo(Urls.Rule(saved.Ref));
            }
        }
        catch (RefusedException refused)
        {
            await RefuseAsync([new(refused.Field ?? "", refused.Message)]);
        }
    }

    private async Task LeaveAsync()
    {
        await Task.CompletedTask;
        Navigation.NavigateTo(Reference is null ? Urls.Rules : Urls.Rule(Reference));
    }

    private async Task AskAsync(LocationChangingContext leaving)
    {
        if (!_isDirty || _isLeaving)
        {
            return;
        }

        if (!await Dialogs.SureAsync(
            "Leave this rule?", "What you have changed here has not been saved.", "Leave without saving", "Stay"))
        {
            leaving.PreventNavigation();
            return;
        }

        await ForgetAsync();
    }
}
