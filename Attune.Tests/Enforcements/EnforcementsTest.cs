using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Enforcements;
using Attune.Modules.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Enforcements;

/// <summary>
/// What tests of the rule engine begin with: a trigger, a rule on it, an event. Nothing works by itself; each step is called.
/// </summary>
public abstract class EnforcementsTest(DatabaseEngine engine) : DatabaseTest(engine)
{
    private static int s_number;

    protected IEventLedger Ledger => Get<IEventLedger>();

    protected IRuleRepository Rules => Get<IRuleRepository>();

    protected IEnforcementRepository Enforcements => Get<IEnforcementRepository>();

    protected IExecutionRepository Executions => Get<IExecutionRepository>();

    private protected EnforcementResolver Resolver => Get<EnforcementResolver>();

    /// <summary>Services of the module that wait to be called: none is started.</summary>
    protected override IServiceCollection Configure(IServiceCollection services) => services.AddEnforcementsServices();

    protected static string NewName(string name) => $"test.{name}_{Interlocked.Increment(ref s_number)}";

    protected static JsonElement Parsed(string json) => JsonElement.Parse(json);

    protected static async Task<RefusedException> RefusedAsync(Func<Task> call) => (await Assert.ThrowsAsync<RefusedException>(call))!;

    protected async Task<string> NewTriggerAsync() =>
        (await Get<ITriggerRepository>().CreateAsync(new() { Ref = NewName("trigger"), Label = "Trigger" }, Cancellation)).Ref;

    protected Task<Rule> NewRuleAsync(
        string trigger, string conditions = "[]", string parameters = "{}", string action = "core.noop",
        ConditionJoin join = ConditionJoin.All) =>
        Rules.CreateAsync(new()
        {
            Ref = NewName("rule"),
            Label = "Rule",
            TriggerRef = trigger,
            ActionRef = action,
            Condition = join,
            Conditions = Parsed(conditions),
            ActionParams = Parsed(parameters),
        }, Cancellation);

    protected Task<AppendedEvent> AppendAsync(string trigger, string? payload = """{"kind": "order"}""", RuleTarget? target = null) =>
        Ledger.AppendAsync(
            new NewEvent { TriggerRef = trigger, Payload = payload is null ? null : Parsed(payload), Target = target }, Cancellation);

    /// <summary>An event that one rule has matched, and the enforcement that came of it, pending.</summary>
    protected async Task<(AppendedEvent Event, Rule Rule, Enforcement Enforcement)> NewPendingAsync(string action = "core.noop")
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, action: action, parameters: """{"kind": "{{ event.payload.kind }}"}""");
        var written = await AppendAsync(trigger);
        return (written, rule, (await Enforcements.FindAsync(written.Matched.Single().Enforcement, Cancellation))!);
    }

    /// <summary>An enforcement that no append has left.</summary>
    private protected async Task<Enforcement> InsertAsync(EnforcementRow row) =>
        (await Enforcements.FindAsync(await Database.InsertEnforcementAsync(row, Cancellation), Cancellation))!;

    protected async Task ResolveAllAsync()
    {
        while (await Resolver.ResolveBatchAsync(TimeRange.Always.Since, EnforcementResolver.BatchSize, Cancellation) > 0)
        {
        }
    }

    protected async Task<Enforcement> ReadAsync(Enforcement enforcement) => (await Enforcements.FindAsync(enforcement.Id, Cancellation))!;

    protected async Task<IReadOnlyList<ExecutionSummary>> ExecutionsOfAsync(Enforcement enforcement) =>
        (await Executions.ListAsync(new() { Enforcement = enforcement.Id }, new(), Cancellation)).Items;
}
