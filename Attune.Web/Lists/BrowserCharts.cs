using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Attune.Web.Lists;

/// <summary>What the browser does for a chart: it says how wide it is, and lets a range be chosen with pointer or keys.</summary>
public sealed class BrowserCharts(IJSRuntime js, Browser browser) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    /// <summary>
    /// Lets a chart be used. Of the target <c>Resized(int)</c> is called when the chart has another width, and
    /// <c>Choose(string, string, bool)</c> with the ends of what was chosen and whether it is one bucket, once for each choice.
    /// </summary>
    /// <returns>Its width in pixels.</returns>
    public async Task<int> StartAsync<T>(ElementReference chart, DotNetObjectReference<T> target, CancellationToken cancellationToken)
        where T : class
    {
        _module ??= await js.InvokeAsync<IJSObjectReference>("import", cancellationToken, browser.ScriptAt("charts.js"));
        return await _module.InvokeAsync<int>("start", cancellationToken, chart, target);
    }

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
}
