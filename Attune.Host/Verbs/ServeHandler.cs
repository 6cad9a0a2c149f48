namespace Attune.Host.Verbs;

/// <summary>Runs the site until it is told to stop.</summary>
internal static class ServeHandler
{
    public static async Task<int> RunAsync(IConfiguration configuration, CancellationToken stop)
    {
        try
        {
            await using var host = await AttuneHost.StartAsync(configuration, stop);
            await host.StoppedAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while it was starting.
        }

        return ExitCode.Done;
    }
}
