using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Modules.History;
using Attune.Web.Pages.Home;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Web.Fakes;

/// <summary>Puts the fakes where the modules would be.</summary>
public static class FakeServices
{
    public static IServiceCollection AddFakeAttune(this IServiceCollection services, FakeAttune attune)
    {
        var events = new FakeEvents(attune);
        var executions = new FakeExecutions(attune);
        services.AddSingleton(attune);
        services.AddOptions<WorkersOptions>();
        services.AddSingleton(attune.Clock);
        services.AddSingleton(attune.Hub);
        services.AddSingleton(events);
        services.AddSingleton<IEventRepository>(events);
        services.AddSingleton<IEventLedger>(events);
        services.AddSingleton<FakeEnforcements>();
        services.AddSingleton<IEnforcementRepository>(provider => provider.GetRequiredService<FakeEnforcements>());
        services.AddSingleton<FakeOutcomes>();
        services.AddSingleton<IEventOutcomes>(provider => provider.GetRequiredService<FakeOutcomes>());
        services.AddSingleton(executions);
        services.AddSingleton<IExecutionRepository>(executions);
        services.AddSingleton<IWorkerRepository>(executions);
        services.AddSingleton<IActionRepository>(executions);
        services.AddSingleton<IHistoryRepository>(executions);
        services.AddSingleton<IVolumeRepository, FakeVolumes>();
        services.AddSingleton<IRuleRepository, FakeRules>();
        services.AddSingleton<FakeExplainer>();
        services.AddSingleton<IRuleExplainer>(provider => provider.GetRequiredService<FakeExplainer>());
        services.AddSingleton<FakeBacktester>();
        services.AddSingleton<IRuleBacktester>(provider => provider.GetRequiredService<FakeBacktester>());
        services.AddSingleton<FakeHealth>();
        services.AddSingleton<IHealthReports>(provider => provider.GetRequiredService<FakeHealth>());
        services.AddSingleton<ITriggerRepository, FakeTriggers>();
        return services;
    }
}
