using System.Diagnostics.CodeAnalysis;

namespace Attune.Db;

/// <summary>
/// Lets a few readers work at once, each of whom keeps a processor busy that appends need as well; the others wait for their turn. A turn is
/// for a part of the work and ends with it, so that it cannot be held while a caller is given something: whoever reads slowly, or no
/// further, holds nobody else up.
/// </summary>
/// <param name="atOnce">How many work at once.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle has nothing to free.")]
public sealed class Turns(int atOnce = 2)
{
    private readonly SemaphoreSlim _free = new(atOnce, atOnce);

    /// <summary>Whether whoever comes now has to wait.</summary>
    public bool AreTaken => _free.CurrentCount == 0;

    /// <summary>Waits for a turn, does a part of the work, and gives the turn back.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> part, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await part();
        }
        finally
        {
            _free.Release();
        }
    }
}
