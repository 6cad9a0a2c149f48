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
        services.AddSingleton<IExecutionReruns>(executions);
        services.AddSingleton<IWorkerRepository>(executions);
        services.AddSingleton<IActionRepository>(executions);
        services.AddSingleton<IParameterSecrets, FakeSecrets>();
        services.AddSingleton<IHistoryRepository>(executions);
        services.AddSingleton<FakeDurations>();
        services.AddSingleton<IDurations>(provider => provider.GetRequiredService<FakeDurations>());
        services.AddSingleton<IRuleChanges>(provider => provider.GetRequiredService<FakeDurations>());
        services.AddSingleton<FakeHistograms>();
        services.AddSingleton<IOutcomeHistogram>(provider => provider.GetRequiredService<FakeHistograms>());
        services.AddSingleton<IEventHistogram>(provider => provider.GetRequiredService<FakeHistograms>());
        services.AddSingleton<IEnforcementHistogram>(provider => provider.GetRequiredService<FakeHistograms>());
        services.AddSingleton<IExecutionHistogram>(provider => provider.GetRequiredService<FakeHistograms>());
        services.AddSingleton<IVolumeRepository, FakeVolumes>();
        services.AddSingleton<FakeRules>();
        services.AddSingleton<IRuleRepository>(provider => provider.GetRequiredService<FakeRules>());
        services.AddSingleton<FakeExplainer>();
        services.AddSingleton<IRuleExplainer>(provider => provider.GetRequiredService<FakeExplainer>());
        services.AddSingleton<FakeFailures>();
        services.AddSingleton<IFailureGroups>(provider => provider.GetRequiredService<FakeFailures>());
        services.AddSingleton<IJobs>(provider => provider.GetRequiredService<FakeFailures>());
        services.AddSingleton<FakeExecutionLog>();
        services.AddSingleton<IExecutionLog>(provider => provider.GetRequiredService<FakeExecutionLog>());
        services.AddSingleton<FakePins>();
        services.AddSingleton<IPinnedEvents>(provider => provider.GetRequiredService<FakePins>());
        services.AddSingleton<FakeStorage>();
        services.AddSingleton<IStorageReports>(provider => provider.GetRequiredService<FakeStorage>());
        services.AddSingleton<FakeReplays>();
        services.AddSingleton<IEventReplays>(provider => provider.GetRequiredService<FakeReplays>());
        services.AddSingleton<FakeBacktester>();
        services.AddSingleton<IRuleBacktester>(provider => provider.GetRequiredService<FakeBacktester>());
        services.AddSingleton<FakeTrials>();
        services.AddSingleton<FakeInsights>();
        services.AddSingleton<IRuleHealth>(provider => provider.GetRequiredService<FakeInsights>());
        services.AddSingleton<IUnmatchedEvents>(provider => provider.GetRequiredService<FakeInsights>());
        services.AddSingleton<IRuleTrials>(provider => provider.GetRequiredService<FakeTrials>());
        services.AddSingleton<IPayloadFields>(provider => provider.GetRequiredService<FakeTrials>());
        services.AddSingleton<FakeViews>();
        services.AddSingleton<ISavedViews>(provider => provider.GetRequiredService<FakeViews>());
        services.AddSingleton<FakeSearch>();
        services.AddSingleton<IEventSearch>(provider => provider.GetRequiredService<FakeSearch>());
        services.AddSingleton<IExecutionSearch>(provider => provider.GetRequiredService<FakeSearch>());
        services.AddSingleton<ISampledPaths>(provider => provider.GetRequiredService<FakeSearch>());
        services.AddSingleton<FakeValues>();
        services.AddSingleton<IPathValues>(provider => provider.GetRequiredService<FakeValues>());
        services.AddSingleton<FakeRetention>();
        services.AddSingleton<IRetention>(provider => provider.GetRequiredService<FakeRetention>());
        services.AddSingleton<FakeHealth>();
        services.AddSingleton<IHealthReports>(provider => provider.GetRequiredService<FakeHealth>());
        services.AddSingleton<ITriggerRepository, FakeTriggers>();
        services.AddSingleton<FakeWebhooks>();
        services.AddSingleton<IWebhookTrials>(provider => provider.GetRequiredService<FakeWebhooks>());
        services.AddSingleton<IWebhookDeliveries>(provider => provider.GetRequiredService<FakeWebhooks>());
        services.AddSingleton<ICatalogue, FakeCatalogue>();
        services.AddSingleton<IPackRepository, FakePacks>();
        return services;
    }
}
