using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Attune.Web.Shared;

/// <summary>
/// What only the reader's browser knows or can do: its time zone, what the reader chose, the clipboard. One for each circuit.
/// </summary>
public sealed class Browser(IJSRuntime js, TimeProvider clock) : IAsyncDisposable
{
    private IJSObjectReference? _module;
    private TimeZoneInfo _local = TimeZoneInfo.Utc;

    /// <summary>True to show instants in UTC, false for the zone of the browser.</summary>
    public bool ShowsUtc { get; private set; } = true;

    /// <summary><c>light</c>, <c>dark</c> or <c>system</c>.</summary>
    public string Theme { get; private set; } = "system";

    /// <summary>The zone in which instants are shown.</summary>
    public TimeZoneInfo Zone => ShowsUtc ? TimeZoneInfo.Utc : _local;

    /// <summary>The browser's zone by its IANA name.</summary>
    public string LocalZone => _local.Id;

    /// <summary>Asks the browser, once; pages are drawn after it has answered.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var module = await ModuleAsync(cancellationToken);

        // Ages are counted on in the browser, whose clock may be wrong: it is told what time it is here.
        var settings = await module.InvokeAsync<Settings>("start", cancellationToken, clock.GetUtcNow().ToUnixTimeMilliseconds());
        _local = TimeZoneInfo.TryFindSystemTimeZoneById(settings.Zone ?? "", out var zone) ? zone : TimeZoneInfo.Utc;
        ShowsUtc = settings.Utc;
        Theme = settings.Theme ?? "system";
    }

    public async Task ChooseThemeAsync(string theme, CancellationToken cancellationToken)
    {
        Theme = theme;
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("chooseTheme", cancellationToken, theme);
    }

    public async Task ShowUtcAsync(bool utc, CancellationToken cancellationToken)
    {
        ShowsUtc = utc;
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("showUtc", cancellationToken, utc);
    }

    /// <summary>Puts a text on the clipboard; false when the browser does not let us.</summary>
    public async Task<bool> CopyAsync(string text, CancellationToken cancellationToken) =>
        await (await ModuleAsync(cancellationToken)).InvokeAsync<bool>("copy", cancellationToken, text);

    /// <summary>Calls <c>TopSeen(bool)</c> of the target whenever the element comes into view or leaves it.</summary>
    public async Task WatchAsync<T>(ElementReference element, DotNetObjectReference<T> target, CancellationToken cancellationToken)
        where T : class =>
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("watch", cancellationToken, element, target);

    public async Task ScrollToTopAsync(CancellationToken cancellationToken) =>
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("scrollToTop", cancellationToken);

    /// <summary>Brings the first element of a selector into view.</summary>
    public async Task BringIntoViewAsync(string selector, CancellationToken cancellationToken) =>
        await (await ModuleAsync(cancellationToken)).InvokeVoidAsync("bringIntoView", cancellationToken, selector);

    public async ValueTask DisposeAsync()
    {
        if (_module is not null)
        {
            try
            {
                await _module.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The browser left first, and took the module with it.
            }
        }
    }

    private async ValueTask<IJSObjectReference> ModuleAsync(CancellationToken cancellationToken) =>
        _module ??= await js.InvokeAsync<IJSObjectReference>("import", cancellationToken, "./_content/Attune.Web/attune.js");

    private sealed record Settings(string? Zone, bool Utc, string? Theme);
}
