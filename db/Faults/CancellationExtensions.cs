namespace Attune.Db;

/// <summary>Tells the end of what goes on by itself from a failure in it.</summary>
public static class CancellationExtensions
{
    /// <summary>
    /// Whether this is how it is told that it is over. What fails for another reason while it is being stopped is still a failure: thrown
    /// out of a background service, either would be taken for a reason to stop the host.
    /// </summary>
    public static bool IsCancellation(this Exception error, CancellationToken stopping) =>
        error is OperationCanceledException && stopping.IsCancellationRequested;
}
