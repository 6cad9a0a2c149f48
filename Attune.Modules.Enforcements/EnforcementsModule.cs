using System.Net;
using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Enforcements.Actions;
using Attune.Modules.Enforcements.Actions.Http;
using Attune.Modules.Enforcements.Enforcements;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Explaining;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Rules;
using Attune.Modules.Enforcements.Workers;
using Attune.Modules.Events;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Modules.Enforcements;

/// <summary>The way into the module: everything it offers is registered here, and nothing else is public but its contract.</summary>
public static class EnforcementsModule
{
    /// <summary>Registers the repositories, the rule engine's part in every append, and what they need.</summary>
    public static IServiceCollection AddEnforcementsModule(this IServiceCollection services)
    {
        AddOptions(services);
        services.AddHealthChecks()
            .AddLook<PendingEnforcementsCheck>("pending_enforcements")
            .AddLook<WaitingExecutionsCheck>("waiting_executions")
            .AddLook<RunningExecutionsCheck>("running_executions");
        return services
            .AddSingleton<RuleWriter>()
            .AddSingleton<RuleOwners>()
            .AddSingleton<IRuleRepository, RuleRepository>()
            .AddSingleton<IEnforcementRepository, EnforcementRepository>()
            .AddSingleton<IExecutionRepository, ExecutionRepository>()
            .AddSingleton<IWorkerRepository, WorkerRepository>()
            .AddSingleton<IActionRepository, ActionRepository>()
            .AddSingleton<AskedRules>()
            .AddSingleton<IRuleExplainer, RuleExplainer>()
            .AddSingleton<IRuleBacktester, RuleBacktester>()
            .AddSingleton<RuleCache>()
            .AddSingleton<IAppendParticipant, RuleParticipant>()
            .AddSingleton<IAppendParticipant, TimerParticipant>()
            .AddSingleton<ITimerSource, RuleTimers>()
            .AddSingleton<IRuleTargets, RuleTargets>()
            .AddSingleton<ExecutionQueue>()
            .AddSingleton<ExecutionFinisher>()
            .AddSingleton<LeaseEndings>()
            .AddSingleton<ExecutionLeases>()
            .AddSingleton<RemoteWorkers>()
            .AddSingleton<RemoteLeases>()
            .AddSingleton<RemoteClaims>()
            .AddSingleton<WantedActions>()
            .AddSingleton<WaitingClaims>()
            .AddSingleton<WorkerAnswers>();
    }

    /// <summary>Adds the work that goes on by itself: the resolver, the built-in worker, and the watch over all workers.</summary>
    public static IServiceCollection AddEnforcementsServices(this IServiceCollection services) => services
        .AddSingleton<EnforcementResolver>()
        .AddSingleton<IBuiltInAction, EchoAction>()
        .AddSingleton<IBuiltInAction, NoopAction>()
        .AddSingleton<IBuiltInAction, SleepAction>()
        .AddSingleton<IBuiltInAction, HttpRequestAction>()
        .AddSingleton<GuardedConnections.Resolver>(Dns.GetHostAddressesAsync)
        .AddSingleton<GuardedConnections>()
        .AddSingleton<ActionRunner>()
        .AddHostedService<ResolverService>()
        .AddHostedService<BuiltInWorker>()
        .AddHostedService<LostWorkers>();

    /// <summary>Maps rules, enforcements, executions, actions and workers below <c>/api/v1</c>.</summary>
    public static void MapEnforcementsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapApi();
        RulesApi.Map(api);
        RuleVersionsApi.Map(api);
        ExplainApi.Map(api);
        BacktestApi.Map(api);
        EnforcementsApi.Map(api);
        ExecutionsApi.Map(api);
        ActionsApi.Map(api);
        WorkersApi.Map(api);
    }

    private static void AddOptions(IServiceCollection services)
    {
        services.AddOptions<WorkersOptions>()
            .BindConfiguration(WorkersOptions.Section)
            .Validate(options => Enum.IsDefined(options.LostExecutions),
                $"{WorkersOptions.Section}:{nameof(WorkersOptions.LostExecutions)} must be Requeue or Fail.")
            .Validate(options => options.RequeueLimit is >= 0 and <= WorkersOptions.LargestRequeueLimit,
                $"{WorkersOptions.Section}:{nameof(WorkersOptions.RequeueLimit)} must be between 0 and {WorkersOptions.LargestRequeueLimit}.")
            .Validate(options => options.LostAfter >= WorkersOptions.ShortestLostAfter && options.LostAfter <= WorkersOptions.LongestLostAfter,
                $"{WorkersOptions.Section}:{nameof(WorkersOptions.LostAfter)} must be between {WorkersOptions.ShortestLostAfter:c} and "
                + $"{WorkersOptions.LongestLostAfter:c}, such as 00:01:30 for 90 seconds.")
            .Validate(options => options.MaxResultBytes is >= WorkersOptions.SmallestResultLimit and <= WorkersOptions.LargestResultLimit,
                $"{WorkersOptions.Section}:{nameof(WorkersOptions.MaxResultBytes)} must be between {WorkersOptions.SmallestResultLimit} and {WorkersOptions.LargestResultLimit}.")
            .ValidateOnStart();
        services.AddOptions<HttpActionOptions>()
            .BindConfiguration(HttpActionOptions.Section)
            .Validate(options => options.AllowedNetworks.All(HttpActionOptions.IsNetwork),
                $"{HttpActionOptions.Section}:{nameof(HttpActionOptions.AllowedNetworks)} must hold networks, such as 10.1.0.0/16 or 127.0.0.1/32.")
            .Validate(options => options.MaxResponseBytes is >= 0 and <= HttpActionOptions.LargestResponseLimit,
                $"{HttpActionOptions.Section}:{nameof(HttpActionOptions.MaxResponseBytes)} must be between 0 and {HttpActionOptions.LargestResponseLimit}.")
            .ValidateOnStart();
    }
}
