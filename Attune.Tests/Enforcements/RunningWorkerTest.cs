using Attune.Modules.Enforcements;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Attune.Tests.Enforcements;

/// <summary>What tests begin with that have executions run: the services of the module, started.</summary>
public abstract class RunningWorkerTest(DatabaseEngine engine) : EnforcementsTest(engine)
{
    protected Task<Execution> RequestAsync(string action, string? parameters = null) => Executions.CreateAsync(
        new() { ActionRef = action, Config = parameters is null ? null : Parsed(parameters) }, Cancellation);

    protected async Task<Execution> DoneAsync(Execution execution)
    {
        Execution? found = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                found = await Executions.FindAsync(execution.Id, Cancellation);
                return found!.Status is ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Timeout;
            },
            $"execution {execution.Id} is done");
        return found!;
    }

    protected async Task<IAsyncDisposable> StartAsync()
    {
        var services = NewServices();
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StartAsync(Cancellation);
        }

        return new Running(services);
    }

    private sealed class Running(ServiceProvider services) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var service in services.GetServices<IHostedService>())
            {
                await service.StopAsync(CancellationToken.None);
            }

            await services.DisposeAsync();
        }
    }
}
