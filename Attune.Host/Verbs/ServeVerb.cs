namespace Attune.Host.Verbs;

/// <summary>Runs the site until it is told to stop.</summary>
internal static class ServeVerb
{
    public static Verb Verb { get; } = new() { Name = "serve", Does = "Run Attune: the pages, the API, the resolver and a worker.", RunAsync = RunAsync };

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken stop)
    {
        try
        {
            await using var host = await AttuneHost.StartAsync(invocation.Configuration, stop);
            await host.StoppedAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while it was starting.
        }

        return ExitCode.Done;
    }
}
