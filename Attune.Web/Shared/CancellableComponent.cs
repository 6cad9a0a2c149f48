using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>A component whose reads and other work end when the reader leaves.</summary>
public abstract class CancellableComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _leaving = new();

    protected CancellableComponent() => Leaving = _leaving.Token;

    /// <summary>Cancelled when the component is taken off the page, or its page is closed.</summary>
    protected CancellationToken Leaving { get; }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }
}
