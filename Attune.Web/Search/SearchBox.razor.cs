using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace Attune.Web.Search;

/// <summary>
/// The box above a list in which conditions are typed. Suggests what recent rows have, and chooses nothing by itself: the arrow keys go
/// through the suggestions, Enter takes the one they are on, or else runs the search. What is wrong is marked at its place, and the
/// list stays as it is.
/// </summary>
public sealed partial class SearchBox
{
    private const int MostAround = 40;

    private readonly string _id = $"search-{Guid.NewGuid():N}";
    private ElementReference _input;
    private IReadOnlyList<SampledPath>? _paths;
    private IReadOnlyList<SearchSuggestion> _options = [];
    private string? _query;
    private string _text = "";
    private bool _open;
    private int? _active;
    private RefusedException? _mistake;

    /// <summary>What is searched, in the plural.</summary>
    [Parameter, EditorRequired]
    public required string What { get; set; }

    /// <summary>What the address says.</summary>
    [Parameter, EditorRequired]
    public required string? Query { get; set; }

    /// <summary>Called when a search is to be run; null for none.</summary>
    [Parameter, EditorRequired]
    public required EventCallback<string?> Changed { get; set; }

    /// <summary>Refuses a text that is no condition.</summary>
    [Parameter, EditorRequired]
    public required Action<string> Check { get; set; }

    /// <summary>Reads the paths of recent rows; asked again each time the box is opened anew.</summary>
    [Parameter, EditorRequired]
    public required Func<CancellationToken, Task<IReadOnlyList<SampledPath>>> Paths { get; set; }

    [Parameter]
    public string Placeholder { get; set; } = "repository.full_name == \"acme/api\" and total > 500";

    /// <summary>What stands beneath a search.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    // The place of the mistake, with what is around it.
    private (string Before, string At, string After)? Marked
    {
        get
        {
            if (_mistake?.At is not { } place || _text.Length == 0)
            {
                return null;
            }

            var at = Math.Min(place.Character - 1, _text.Length);
            var from = Math.Max(0, at - MostAround);
            var end = Math.Min(_text.Length, at + MostAround);
            return (
                $"{(from > 0 ? "…" : "")}{Visible.Text(_text[from..at])}", at < _text.Length ? Visible.Text(_text[at..(at + 1)]) : " ",
                at < _text.Length ? $"{Visible.Text(_text[(at + 1)..end])}{(end < _text.Length ? "…" : "")}" : "");
        }
    }

    protected override void OnParametersSet()
    {
        if (_query == Query)
        {
            return;
        }

        _query = Query;
        _text = Query ?? "";
        _mistake = Query is null ? null : MistakeOf(Query);
    }

    // The place is marked: words that count characters say it twice.
    private static string Message(RefusedException mistake)
    {
        var text = mistake.Message;
        var colon = mistake.At is null ? -1 : text.IndexOf(": ", StringComparison.Ordinal);
        var said = colon < 0 ? text : text[(colon + 2)..];
        return said.Length == 0 ? text : Visible.Text($"{char.ToUpperInvariant(said[0])}{said[1..]}");
    }

    private RefusedException? MistakeOf(string text)
    {
        try
        {
            Check(text);
            return null;
        }
        catch (RefusedException refused)
        {
            return refused;
        }
    }

    private async Task TypedAsync(string? text)
    {
        (_text, _active, _mistake) = (text ?? "", null, null);
        await OpenAsync();
    }

    private async Task KeyAsync(KeyboardEventArgs key)
    {
        switch (key)
        {
            case { Key: "ArrowDown" } when !_open:
                await OpenAsync();
                break;
            case { Key: "ArrowUp", AltKey: true }:
                Close();
                break;
            case { Key: "ArrowDown" }:
                Move(_active is { } active ? active + 1 : 0);
                break;
            case { Key: "ArrowUp" } when _open:
                Move(_active is { } current ? current - 1 : -1);
                break;
            case { Key: "Enter" } when _open && _active is { } chosen && chosen < _options.Count:
                await TakeAsync(_options[chosen]);
                break;
            case { Key: "Enter" }:
                await RunAsync(AddressQuery.ParseText(_text));
                break;
            case { Key: "Escape" }:
                Close();
                break;
            case { Key: "ArrowLeft" or "ArrowRight" or "Home" or "End" } when _open:
                await OpenAsync();
                break;
        }
    }

    private void Move(int to) => _active = _options.Count == 0 ? null : (to + _options.Count) % _options.Count;

    private async Task TakeAsync(SearchSuggestion option)
    {
        (_text, var caret) = SearchText.Take(_text, option);
        _active = null;
        if (await ScriptAsync() is { } script)
        {
            await script.InvokeVoidAsync("put", Leaving, _input, _text, caret);
        }

        Suggest(caret);
    }

    private async Task RunAsync(string? text)
    {
        Close();
        _text = text is null ? "" : _text;
        _mistake = text is null ? null : MistakeOf(text);
        if (_mistake is null && text != Query)
        {
            _query = text;
            await Changed.InvokeAsync(text);
        }
    }

    private async Task OpenAsync()
    {
        _open = true;
        try
        {
            _paths ??= await Paths(Leaving);
            var caret = await ScriptAsync() is { } script ? await script.InvokeAsync<int?>("caret", Leaving, _input) : null;
            Suggest(caret ?? _text.Length);
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The reader has left.
        }
    }

    private void Suggest(int caret)
    {
        _active = null;
        _options = SearchText.Options(_text, caret, _paths ?? []);
    }

    private void Close() => (_open, _active) = (false, null);

    private void Leave()
    {
        Close();

        // What has come since is suggested the next time.
        _paths = null;
    }

    private ValueTask<IJSObjectReference?> ScriptAsync() => Browser.ScriptAsync("search.js", Leaving);
}
