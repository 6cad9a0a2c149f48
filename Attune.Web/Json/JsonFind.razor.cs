using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Attune.Web.Json;

/// <summary>Looks for a text in a JSON view: which of how many is looked at, and on to the next by Enter.</summary>
public sealed partial class JsonFind
{
    private string _text = "";
    private IReadOnlyList<IReadOnlyList<int>>? _found;
    private JsonRow? _row;
    private int _at;
    private int _asked;

    [Parameter, EditorRequired]
    public required JsonTree Tree { get; set; }

    [Parameter, EditorRequired]
    public required string What { get; set; }

    /// <summary>Rows were opened.</summary>
    [Parameter]
    public EventCallback Moved { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    private string Count(IReadOnlyList<IReadOnlyList<int>> found) => found.Count == 0
        ? "none"
        : $"{Format.Number(_at + 1)} of {Format.Number(found.Count)}{(found.Count == JsonSearch.Most ? "+" : "")}";

    private async Task FindAsync(string? text)
    {
        _text = text ?? "";
        var asked = ++_asked;
        if (_text.Length == 0)
        {
            _found = null;
            Mark(null);
            await Moved.InvokeAsync();
            return;
        }

        try
        {
            // A large value takes a moment, which the reader's next keys do not wait for.
            var found = await Task.Run(() => JsonSearch.Find(Tree.Value, _text, Leaving), Leaving);
            if (asked == _asked)
            {
                (_found, _at) = (found, 0);
                await ShowAsync();
            }
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The reader has left.
        }
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        switch (key.Key)
        {
            case "Enter":
                await GoAsync(key.ShiftKey ? -1 : 1);
                break;
            case "Escape":
                await FindAsync(null);
                break;
        }
    }

    private async Task GoAsync(int by)
    {
        if (_found is { Count: > 0 } found)
        {
            _at = (_at + by + found.Count) % found.Count;
            await ShowAsync();
        }
    }

    private async Task ShowAsync()
    {
        Mark(_found is { Count: > 0 } found ? Tree.Reveal(found[_at]) : null);
        await Moved.InvokeAsync();
        if (_row is not null)
        {
            await Browser.BringIntoViewAsync(".json .found", Leaving);
        }
    }

    private void Mark(JsonRow? row)
    {
        if (_row is not null)
        {
            _row.IsFound = false;
        }

        _row = row;
        if (row is not null)
        {
            row.IsFound = true;
        }
    }
}
