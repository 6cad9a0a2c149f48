namespace Attune.Host;

/// <summary>
/// The program listens for signals itself, from before there is a host; a host in a test's process must not listen at all.
/// </summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
