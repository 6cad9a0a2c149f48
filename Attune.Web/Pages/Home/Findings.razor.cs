using Attune.Modules.Enforcements;
using Attune.Web.Pages.Enforcements;
using Attune.Web.Pages.Executions;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Attune.Web.Pages.Home;

/// <summary>What the host has found that is not well; nothing when all is.</summary>
public sealed partial class Findings
{
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    private IReadOnlyList<(string Name, string Text)> _findings = [];

    [Inject]
    public required IHealthReports Source { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override void OnInitialized() => _ = WatchAsync(Leaving);

    // That something has stopped is a change of nothing: no signal tells of it, only time does.
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Between, Clock);
            do
            {
                var report = await Source.LookAsync(cancellationToken);
                await InvokeAsync(() =>
                {
                    _findings = [.. report.Entries
                        .Where(entry => entry.Value is { Status: not HealthStatus.Healthy, Description.Length: > 0 })
                        .Select(entry => (entry.Key, Sentence(entry.Value.Description!)))];
                    StateHasChanged();
                });
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The reader has left.
        }
        catch (Exception error)
        {
            await DispatchExceptionAsync(error);
        }
    }

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..].TrimEnd('.')}.";

    private static string? Link(string check) => check switch
    {
        "pending_enforcements" => new EnforcementsFilter { Status = [EnforcementStatus.Created] }.Address,
        "waiting_executions" => new ExecutionsFilter { Status = [ExecutionStatus.Requested] }.Address,
        "running_executions" => new ExecutionsFilter
        {
            Status = [ExecutionStatus.Scheduling, ExecutionStatus.Scheduled, ExecutionStatus.Running, ExecutionStatus.Canceling],
        }.Address,
        _ => null,
    };
}
