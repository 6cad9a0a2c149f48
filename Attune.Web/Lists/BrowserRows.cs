using Attune.Db;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Attune.Web.Lists;

/// <summary>
/// What only the browser knows of a list: whether somebody points at it or has the focus in it, and where it was left. The other
/// half is <c>lists.js</c>.
/// </summary>
public sealed class BrowserRows(IJSRuntime js)
{
    /// <summary>
    /// Calls <c>TopSeen(bool)</c> of the target whenever the top comes into view or leaves it, and <c>Inside(bool)</c> whenever
    /// pointer or focus come into the rows or leave them.
    /// </summary>
    public ValueTask WatchAsync<T>(
        ElementReference top, ElementReference rows, DotNetObjectReference<T> target, CancellationToken cancellationToken)
        where T : class =>
        js.InvokeVoidAsync("attuneLists.watch", cancellationToken, top, rows, target);

    /// <summary>Where the list of this address was left, when the reader came back to it; else null.</summary>
    public async ValueTask<ListPlace?> RecallAsync(CancellationToken cancellationToken) =>
        await js.InvokeAsync<StoredPlace?>("attuneLists.recall", cancellationToken) is { Count: > 0 } stored
            && Cursor.TryParse(stored.First) is { } first
                ? new ListPlace(first, stored.Count)
                : null;

    /// <summary>Puts the row that was at the top of the window there again.</summary>
    public ValueTask RestoreAsync(CancellationToken cancellationToken) => js.InvokeVoidAsync("attuneLists.restore", cancellationToken);

    /// <summary>Scrolls up to a list's beginning.</summary>
    public ValueTask BeginAsync(CancellationToken cancellationToken) => js.InvokeVoidAsync("attuneLists.begin", cancellationToken);

    private sealed record StoredPlace(string? First, int Count);
}

/// <summary>A stretch of a list that somebody looked at.</summary>
/// <param name="First">Its first row.</param>
/// <param name="Count">How many rows it had.</param>
public readonly record struct ListPlace(Cursor First, int Count);
