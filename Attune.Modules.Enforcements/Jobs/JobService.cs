using Attune.Db;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements.Jobs;

/// <summary>
/// Works on the jobs that run, a part of each in turn. Between two parts it rests at least as long as the part took: the busier the
/// database,
/// the slower the jobs.
/// </summary>
internal sealed partial class JobService(
    JobWorker worker, JobWake wake, IOptions<JobsOptions> options, TimeProvider clock, ILogger<JobService> logger) : BackgroundService
{
    // Each may be an event of some megabytes.
    private const int MostAtOnce = 25;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    // Other hosts have the rest in hand, or one that was lost had it, or enough executions wait for workers.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await wake.WaitAsync(await WorkAsync(stoppingToken) ? LookAgain : Look, stoppingToken);
            }
            catch (Exception error) when (!error.IsCancellation(stoppingToken))
            {
                // Whatever it was, the items are still there.
                Log.Failed(logger, error);
                await Task.Delay(AfterFailure, clock, stoppingToken);
            }
        }
    }

    /// <returns>True when jobs are left of which nothing can be taken just now.</returns>
    private async Task<bool> WorkAsync(CancellationToken cancellationToken)
    {
        // Few at once where few are allowed in a second, or the pauses would be long.
        var size = Math.Clamp(options.Value.ItemsPerSecond / 5, 1, MostAtOnce);
        while (true)
        {
            var jobs = await worker.RunningAsync(cancellationToken);
            var (taken, left) = (0, 0);
            foreach (var job in jobs)
            {
                var began = clock.GetTimestamp();
                var count = await worker.WorkAsync(job, size, cancellationToken);
                taken += count;
                left += count > 0 || !await worker.TryEndAsync(job.Id, cancellationToken) ? 1 : 0;
                await RestAsync(count, clock.GetElapsedTime(began), cancellationToken);
            }

            if (taken == 0)
            {
                return left > 0;
            }
        }
    }

    private Task RestAsync(int count, TimeSpan took, CancellationToken cancellationToken)
    {
        var rest = TimeSpan.FromSeconds((double)count / options.Value.ItemsPerSecond) - took;
        return count == 0 ? Task.CompletedTask : Task.Delay(rest > took ? rest : took, clock, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Jobs could not be worked on; it is tried again in a second")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
