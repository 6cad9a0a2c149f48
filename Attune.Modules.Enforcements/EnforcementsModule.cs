using System.Net;
using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Enforcements.Actions;
using Attune.Modules.Enforcements.Actions.Emitting;
using Attune.Modules.Enforcements.Actions.Http;
using Attune.Modules.Enforcements.Actions.Mail;
using Attune.Modules.Enforcements.Again;
using Attune.Modules.Enforcements.Charting;
using Attune.Modules.Enforcements.Enforcements;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Explaining;
using Attune.Modules.Enforcements.Export;
using Attune.Modules.Enforcements.Jobs;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Outcomes;
using Attune.Modules.Enforcements.Rules;
using Attune.Modules.Enforcements.Search;
using Attune.Modules.Enforcements.Views;
using Attune.Modules.Enforcements.Workers;
using Attune.Modules.Events;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Attune.Modules.Enforcements;

/// <summary>The way into the module: everything it offers is registered here, and nothing else is public but its contract.</summary>
public static class EnforcementsModule
{
    /// <summary>Registers the repositories, the rule engine's part in every append, and what they need.</summary>
    public static IServiceCollection AddEnforcementsModule(this IServiceCollection services)
    {
        services
            .AddSection<RulesOptions, RulesOptionsValidator>(RulesOptions.Section)
            .AddSection<WorkersOptions, WorkersOptionsValidator>(WorkersOptions.Section)
            .AddSection<HttpActionOptions, HttpActionOptionsValidator>(HttpActionOptions.Section)
            .AddSection<EmitEventOptions, EmitEventOptionsValidator>(EmitEventOptions.Section)
            .AddSection<SmtpOptions, SmtpOptionsValidator>(SmtpOptions.Section)
            .AddSection<JobsOptions, JobsOptionsValidator>(JobsOptions.Section);
        services.AddHealthChecks()
            .AddLook<FailingRulesCheck>("failing_rules")
            .AddLook<PendingEnforcementsCheck>("pending_enforcements")
            .AddLook<WaitingExecutionsCheck>("waiting_executions")
            .AddLook<RunningExecutionsCheck>("running_executions");
        return services
            .AddSingleton<RuleWriter>()
            .AddSingleton<RuleOwners>()
            .AddSingleton<IRuleRepository, RuleRepository>()
            .AddSingleton<IPackMembers, RulesOfPacks>()
            .AddSingleton<IPackMembers, ActionsOfPacks>()
            .AddSingleton<IEnforcementRepository, EnforcementRepository>()
            .AddSingleton<IExecutionRepository, ExecutionRepository>()
            .AddSingleton<IRuleChanges, RuleChanges>()
            .AddSingleton<IDurations, Durations>()
            .AddSingleton<IEnforcementHistogram, EnforcementHistogram>()
            .AddSingleton<IExecutionHistogram, ExecutionHistogram>()
            .AddSingleton<IExecutionReruns, ExecutionReruns>()
            .AddSingleton<IFailureGroups, FailureGroups>()
            .AddSingleton<IEventOutcomes, EventOutcomes>()
            .AddSingleton<IOutcomeHistogram, OutcomeHistogram>()
            .AddSingleton<IWorkerRepository, WorkerRepository>()
            .AddSingleton<IActionRepository, ActionRepository>()
            .AddSingleton<IParameterSecrets, ActionSecrets>()
            .AddSingleton<AskedRules>()
            .AddSingleton<EventRules>()
            .AddSingleton<IRuleExplainer, RuleExplainer>()
            .AddSingleton<IRuleBacktester, RuleBacktester>()
            .AddSingleton<ExecutionScanner>()
            .AddSingleton<SearchBounds>()
            .AddSingleton<SearchTurns>()
            .AddSingleton<SearchEstimates>()
            .AddSingleton<IEventSearch, EventSearch>()
            .AddSingleton<IExecutionSearch, ExecutionSearch>()
            .AddSingleton<IRuleTrials, RuleTrials>()
            .AddSingleton<PayloadSamples>()
            .AddSingleton<IPayloadFields, PayloadFieldsReader>()
            .AddSingleton<ISampledPaths, SampledPaths>()
            .AddSingleton<IPathValues, PathValuesReader>()
            .AddSingleton<ISavedViews, SavedViews>()
            .AddSingleton<IUnmatchedEvents, UnmatchedEvents>()
            .AddSingleton<RuleHealthQueries>()
            .AddSingleton<IRuleHealth, RuleHealth>()
            .AddSingleton<ReplayRules>()
            .AddSingleton<IEventReplays, EventReplays>()
            .AddSingleton<JobChecks>()
            .AddSingleton<JobSets>()
            .AddSingleton<JobWake>()
            .AddSingleton<JobWorker>()
            .AddSingleton<IJobs, JobRepository>()
            .AddSingleton<RuleCache>()
            .AddSingleton<DearLane>()
            .AddSingleton<RuleEvaluator>()
            .AddSingleton<RuleWindows>()
            .AddSingleton<RuleFaults>()
            .AddSingleton<IAppendParticipant, RuleParticipant>()
            .AddSingleton<IAppendParticipant, TimerParticipant>()
            .AddSingleton<IAppendParticipant, JobParticipant>()
            .AddSingleton<ITimerSource, RuleTimers>()
            .AddSingleton<IRuleTargets, RuleTargets>()
            .AddSingleton<ExecutionQueue>()
            .AddSingleton<ExecutionLog>()
            .AddSingleton<IExecutionLog>(provider => provider.GetRequiredService<ExecutionLog>())
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
        .AddBuiltIn<EchoAction>("core.echo")
        .AddBuiltIn<NoopAction>("core.noop")
        .AddBuiltIn<SleepAction>("core.sleep", mostAtOnce: 10_000)
        .AddBuiltIn<HttpRequestAction>("core.http_request", mostAtOnce: 1_000)
        .AddBuiltIn<EmitEventAction>("core.emit_event")
        .AddBuiltIn<EmailAction>("core.email")
        .AddSingleton<EventDepth>()
        .AddSingleton<GuardedConnections.Resolver>(Dns.GetHostAddressesAsync)
        .AddSingleton<GuardedConnections>()
        .AddSingleton<ExecutionProgress>()
        .AddSingleton<ActionRunner>()
        .AddHostedService<ActionCatalogue>()
        .AddHostedService<RuleFaultService>()
        .AddHostedService<ResolverService>()
        .AddHostedService<BuiltInWorker>()
        .AddHostedService<LostWorkers>()
        .AddHostedService<JobService>();

    /// <summary>
    /// Adds an action written in C#. When the host starts it is written into the catalogue, and its worker
    /// (<see cref="AddEnforcementsServices"/>) runs the action's executions, as that of any other host that has the action.
    /// </summary>
    /// <typeparam name="TAction">
    /// A class that implements <see cref="IAction{TParameters}"/> or <see cref="IAction{TParameters, TResult}"/>. Its
    /// <c>[DisplayName]</c> and <c>[Description]</c> are the label and the description that people see. Unless it is registered
    /// otherwise, it is made anew for each execution.
    /// </typeparam>
    /// <param name="services">Where to register.</param>
    /// <param name="reference"><c>pack.name</c>. It is stored with rules and executions, and so outlives the class's name.</param>
    /// <param name="configure">Sets how long it may take, and how often it is attempted again.</param>
    /// <exception cref="ArgumentException">
    /// The reference is none, or another action has it; or no schema can be made of the parameters. The message names the action.
    /// </exception>
    public static IServiceCollection AddAction<TAction>(
        this IServiceCollection services, string reference, Action<ActionOptions>? configure = null)
        where TAction : class
    {
        var options = new ActionOptions();
        configure?.Invoke(options);
        return services.AddAction(RegisteredAction.Of(typeof(TAction), reference, options, isInCatalogue: true));
    }

    /// <summary>Maps rules, enforcements, executions, actions and workers below <c>/api/v1</c>.</summary>
    public static void MapEnforcementsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapApi();
        RulesApi.Map(api);
        RuleVersionsApi.Map(api);
        ExplainApi.Map(api);
        BacktestApi.Map(api);
        SearchApi.Map(api);
        ChartingApi.Map(api);
        TrialsApi.Map(api);
        ExportApi.Map(api);
        ViewsApi.Map(api);
        UnmatchedApi.Map(api);
        RuleHealthApi.Map(api);
        EnforcementsApi.Map(api);
        DurationsApi.Map(api);
        ExecutionsApi.Map(api);
        OutcomesApi.Map(api);
        ReplayApi.Map(api);
        JobsApi.Map(api);
        ActionsApi.Map(api);
        WorkersApi.Map(api);
    }

    // People may change the rows of these, which come with the schema. More at once for what waits: it holds no thread meanwhile.
    private static IServiceCollection AddBuiltIn<TAction>(
        this IServiceCollection services, string reference, int mostAtOnce = RegisteredAction.UsualAtOnce)
        where TAction : class => services.AddAction(
            RegisteredAction.Of(typeof(TAction), reference, new() { MostAtOnce = mostAtOnce }, isInCatalogue: false));

    private static IServiceCollection AddAction(this IServiceCollection services, RegisteredAction action)
    {
        if (services.Where(one => one.ServiceType == typeof(RegisteredAction)).Select(one => (RegisteredAction)one.ImplementationInstance!)
            .FirstOrDefault(other => other.Ref == action.Ref) is { } other)
        {
            var why = other.Type == action.Type ? "it has been added already" : $"{other.Type.Name} is";
            throw new ArgumentException($"{action.Type.Name} cannot be the action '{action.Ref}': {why}.");
        }

        services.TryAddScoped(action.Type);
        return services.AddSingleton(action);
    }
}
