namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>
/// The memory that answers take while they are read, of all requests together: a thousand may be on their way, and each may be of
/// megabytes.
/// </summary>
internal sealed class BodyMemory(long mostBytes)
{
    private long _taken;

    /// <summary>Counts bytes that are about to be kept.</summary>
    /// <exception cref="ActionFailedException">There is no room for them; nothing was counted.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) > mostBytes)
        {
            Interlocked.Add(ref _taken, -bytes);
            throw new ActionFailedException("The answers that are being read take too much memory together; try again later.");
        }
    }

    /// <summary>Counts them no more.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
