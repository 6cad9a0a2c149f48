namespace Attune.Modules.Enforcements.Search;

/// <summary>Lets two searches of a host work at once: each keeps a processor busy that appends need as well.</summary>
internal sealed class SearchTurns : IDisposable
{
    private const int AtOnce = 2;

    private readonly SemaphoreSlim _turns = new(AtOnce, AtOnce);

    /// <summary>Takes a turn when one is free at once.</summary>
    public bool TryTake() => _turns.Wait(TimeSpan.Zero);

    /// <summary>Waits for a turn.</summary>
    public Task TakeAsync(CancellationToken cancellationToken) => _turns.WaitAsync(cancellationToken);

    public void GiveBack() => _turns.Release();

    public void Dispose() => _turns.Dispose();
}
