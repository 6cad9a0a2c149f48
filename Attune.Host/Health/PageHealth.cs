using Attune.Web.Pages.Home;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Attune.Host.Health;

/// <summary>What is not well, for the pages. All of them together look at most every few seconds.</summary>
internal sealed class PageHealth(Inspection inspection, TimeProvider clock) : IHealthReports, IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private (long At, HealthReport Report)? _last;

    public async Task<HealthReport> LookAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && clock.GetElapsedTime(last.At) < Fresh)
            {
                return last.Report;
            }

            var report = await inspection.LookAsync(cancellationToken);
            _last = (clock.GetTimestamp(), report);
            return report;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
