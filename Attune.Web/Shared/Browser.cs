using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Attune.Web.Shared;

/// <summary>
/// What only the reader's browser knows or can do: its time zone, what the reader chose, the clipboard. One for each circuit.
/// </summary>
public sealed class Browser(IJSRuntime js, TimeProvider clock) : IAsyncDisposable
{
    private const string Script = "attune.js";

    private ResourceAssetCollection _assets = ResourceAssetCollection.Empty;
    private readonly Dictionary<string, IJSObjectReference?> _scripts = [];
    private TimeZoneInfo _local = TimeZoneInfo.Utc;
    private TimeZoneInfo? _chosen;

    /// <summary><c>light</c>, <c>dark</c> or <c>system</c>.</summary>
    public string Theme { get; private set; } = "system";

    /// <summary>The zone in which instants are shown.</summary>
    public TimeZoneInfo Zone => _chosen ?? _local;

    /// <summary>The zone that the reader has chosen; null for the browser's own.</summary>
    public TimeZoneInfo? ChosenZone => _chosen;

    /// <summary>The browser's zone by its IANA name.</summary>
    public string LocalZone => _local.Id;

    /// <summary>Asks the browser, once; pages are drawn after it has answered.</summary>
    /// <param name="assets">The addresses that files have in this build.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task StartAsync(ResourceAssetCollection assets, CancellationToken cancellationToken)
    {
        _assets = assets;
        var module = await ModuleAsync(cancellationToken);

        // Ages are counted on in the browser, whose clock may be wrong: it is told what time it is here.
        var settings = await module.InvokeAsync<Settings>("start", cancellationToken, clock.GetUtcNow().ToUnixTimeMilliseconds());
        _local = FindZone(settings.Zone) ?? TimeZoneInfo.Utc;
        _chosen = FindZone(settings.Chosen);
        Theme = settings.Theme ?? "system";
    }

    public async Task ChooseThemeAsync(string theme, CancellationToken cancellationToken)
    {
        Theme = theme;
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("chooseTheme", cancellationToken, theme);
    }

    /// <summary>Shows instants in a zone from now on, in this browser.</summary>
    /// <param name="id">The zone's IANA name; null for the browser's own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when there is no such zone; then nothing changes.</returns>
    public async Task<bool> ChooseZoneAsync(string? id, CancellationToken cancellationToken)
    {
        var zone = FindZone(id);
        if (id is not null && zone is null)
        {
            return false;
        }

        _chosen = zone;
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("chooseZone", cancellationToken, zone?.Id);
        return true;
    }

    /// <summary>The address of a script in this build, as it is imported: with it the browser keeps the script for as long as it likes.</summary>
    /// <param name="name">Such as <c>charts.js</c>.</param>
    public string ScriptAt(string name) => $"./{_assets[$"_content/Attune.Web/{name}"]}";

    /// <summary>A script of ours; it is imported once for a circuit, and let go with it.</summary>
    /// <param name="name">Such as <c>json.js</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null where there is no browser that could.</returns>
    public async ValueTask<IJSObjectReference?> ScriptAsync(string name, CancellationToken cancellationToken)
    {
        if (!_scripts.TryGetValue(name, out var script))
        {
            script = await js.InvokeAsync<IJSObjectReference?>("import", cancellationToken, ScriptAt(name));
            if (!_scripts.TryAdd(name, script) && script is not null)
            {
                // Somebody else asked for it meanwhile.
                await script.DisposeAsync();
            }
        }

        return _scripts[name];
    }

    /// <summary>Closes what drops out of a button (<c>popover</c>); the focus goes back to it.</summary>
    public async ValueTask ClosePopoverAsync(string id, CancellationToken cancellationToken) =>
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("closePopover", cancellationToken, id);

    /// <summary>Puts a text on the clipboard; false when the browser does not let us.</summary>
    public async Task<bool> CopyAsync(string text, CancellationToken cancellationToken) =>
        await (await ModuleAsync(cancellationToken)).InvokeAsync<bool>("copy", cancellationToken, text);

    /// <summary>Puts the focus on the element of an id, where there is one.</summary>
    public async ValueTask FocusAsync(string id, CancellationToken cancellationToken) =>
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("focusOn", cancellationToken, id);

    /// <summary>Puts the focus on the answer of the open dialog that changes nothing.</summary>
    public async ValueTask FocusSafeAnswerAsync(CancellationToken cancellationToken) =>
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("focusSafeAnswer", cancellationToken);

    /// <summary>Whose saved views are shown: a random text that the browser made up and keeps; null when it keeps nothing.</summary>
    public async ValueTask<string?> OwnerAsync(CancellationToken cancellationToken) =>
        await (await ModuleAsync(cancellationToken)).InvokeAsync<string?>("owner", cancellationToken);

    /// <summary>Moves the focus to the heading of the page, so that the next key and a screen reader begin there.</summary>
    public async Task FocusHeadingAsync(CancellationToken cancellationToken) =>
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("focusHeading", cancellationToken);

    /// <summary>Brings the first element of a selector into view.</summary>
    public async Task BringIntoViewAsync(string selector, CancellationToken cancellationToken) =>
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("bringIntoView", cancellationToken, selector);

    public async ValueTask DisposeAsync()
    {
        foreach (var script in _scripts.Values.OfType<IJSObjectReference>())
        {
            try
            {
                await script.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The browser left first, and took its scripts with it.
            }
        }
    }

    private async ValueTask<IJSObjectReference> ModuleAsync(CancellationToken cancellationToken) =>
        await ScriptAsync(Script, cancellationToken) ?? throw new InvalidOperationException($"The browser gave no {Script}.");

    private static TimeZoneInfo? FindZone(string? id) =>
        id is { Length: > 0 and <= 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;

    private sealed record Settings(string? Zone, string? Chosen, string? Theme);
}
