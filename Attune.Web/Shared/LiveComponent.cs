using Attune.Db.Changes;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>
/// A page, or a part of one, that reads its rows again when the database says that they changed. It reads one at a time, and
/// stops reading when the reader leaves or asks for something else.
/// </summary>
public abstract class LiveComponent : CancellableComponent
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private CancellationTokenSource _asking = new();
    private IDisposable? _subscription;
    private object? _subject;

    [Inject]
    public required ChangeHub Hub { get; init; }

    /// <summary>The shortest time between two reads: lists, which any row concerns, can do with fewer than details.</summary>
    protected virtual TimeSpan Interval => TimeSpan.FromMilliseconds(300);

    /// <summary>What is shown, such as an id or a filter. A render with another one reads anew; one with an equal one does not.</summary>
    protected abstract object Subject { get; }

    /// <summary>Whether a change may alter what is shown. Called on the listener's thread, for every change there is.</summary>
    protected abstract bool Concerns(Change change);

    /// <summary>Reads what is shown, on the circuit's own thread.</summary>
    protected abstract Task ReadAsync(CancellationToken cancellationToken);

    // Before the first read, so that no change falls between the two. Nothing is rendered ahead on the server, so every
    // component that comes here lives in a circuit and is disposed with it.
    protected override void OnInitialized() => _subscription = Hub.Subscribe(Concerns, ChangedAsync, Interval);

    protected override async Task OnParametersSetAsync()
    {
        if (Equals(_subject, Subject))
        {
            return;
        }

        _subject = Subject;
        SubjectChanged();
        await _asking.CancelAsync();
        _asking.Dispose();
        _asking = CancellationTokenSource.CreateLinkedTokenSource(Leaving);
        await TakeTurnAsync(ReadAsync);
    }

    /// <summary>Called before another subject is read for the first time.</summary>
    protected virtual void SubjectChanged()
    {
    }

    /// <summary>Does something between two reads, never during one. It ends early when the reader asks for something else.</summary>
    protected async Task TakeTurnAsync(Func<CancellationToken, Task> work)
    {
        var asking = _asking.Token;
        try
        {
            await _turn.WaitAsync(asking);
            try
            {
                await work(asking);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException) when (asking.IsCancellationRequested)
        {
            // The reader has left, or asks for something else by now.
        }
    }

    protected override void Dispose(bool disposing)
    {
        _subscription?.Dispose();
        base.Dispose(disposing);
    }

    private Task ChangedAsync(CancellationToken ended) => InvokeAsync(async () =>
    {
        try
        {
            await TakeTurnAsync(ReadAsync);
            StateHasChanged();
        }
        catch (Exception error) when (!ended.IsCancellationRequested)
        {
            // This reader sees it at the page's error boundary; the publisher and the other readers do not.
            await DispatchExceptionAsync(error);
        }
    });
}
