using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>
/// Leads whoever has an empty Attune to a first execution. It is shown until a rule of their own has run once, and stays as long as the
/// page is open.
/// </summary>
public sealed partial class FirstMinute
{
    private const string CorePack = "core";

    // Of several rules the newest ones are asked whether they ran.
    private const int MostAsked = 5;

    private Trigger? _trigger;
    private EventSummary? _event;
    private RuleSummary? _rule;
    private ExecutionSummary? _execution;
    private string? _command;
    private string? _refused;
    private bool _hasSecret;
    private bool _isTimer;
    private bool _shows;
    private bool _busy;

    [Inject]
    public required ITriggerRepository Triggers { get; init; }

    [Inject]
    public required IWebhookTrials Trials { get; init; }

    [Inject]
    public required IEventRepository Events { get; init; }

    [Inject]
    public required IRuleRepository Rules { get; init; }

    [Inject]
    public required IExecutionRepository Executions { get; init; }

    [Inject]
    public required FirstSamples Ready { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override object Subject => this;

    private static IReadOnlyList<FirstSample> Samples => FirstSamples.All;

    private bool IsDone => _execution is not null;

    protected override bool Concerns(Change change) => _shows && change.Channel switch
    {
        Channels.ExecutionStatusChanged => change.RuleRef == _rule?.Ref,
        Channels.EventCreated or Channels.ExecutionCreated => !IsDone && !IsOfCore(change),
        _ => false,
    };

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var rules = (await Rules.ListAsync(new RuleFilter(), new PageRequest { Size = PageRequest.MaxSize }, cancellationToken)).Items
            .Where(rule => rule.PackRef != CorePack).OrderByDescending(rule => rule.Created).ToList();
        foreach (var rule in rules.Take(MostAsked))
        {
            var ran = await Executions.ListAsync(new() { RuleRef = rule.Ref }, new PageRequest { Size = 1 }, cancellationToken);
            if (ran.Items is [var execution, ..])
            {
                // Whoever comes when it has worked already needs no steps.
                if (_shows)
                {
                    await ShowAsync(rule.TriggerRef, rule, execution, cancellationToken);
                }

                return;
            }
        }

        _shows = true;
        var newest = rules.FirstOrDefault();
        await ShowAsync(newest?.TriggerRef ?? await NewestTriggerAsync(cancellationToken), newest, null, cancellationToken);
    }

    private static bool IsOfCore(Change change) => change.RuleRef?.StartsWith($"{CorePack}.", StringComparison.Ordinal) == true;

    private async Task<string?> NewestTriggerAsync(CancellationToken cancellationToken) =>
        (await Triggers.ListAsync(enabledOnly: true, new PageRequest { Size = PageRequest.MaxSize }, cancellationToken)).Items
            .Where(trigger => trigger.PackRef != CorePack && trigger.WebhookEnabled).MaxBy(trigger => trigger.Created)?.Ref;

    private async Task ShowAsync(string? triggerRef, RuleSummary? rule, ExecutionSummary? execution, CancellationToken cancellationToken)
    {
        _trigger = triggerRef is null ? null : await Triggers.FindAsync(triggerRef, cancellationToken);
        _isTimer = triggerRef is not null && TimerTriggers.All.Contains(triggerRef);
        var events = triggerRef is null ? [] : (await Events.ListAsync(
            new() { TriggerRef = triggerRef, RuleRef = _isTimer ? rule?.Ref : null }, new PageRequest { Size = 1 },
            cancellationToken)).Items;
        _event = events.Count > 0 ? events[0] : null;
        (_rule, _execution) = (rule, execution);
        if (_trigger is { WebhookKey: not null, WebhookConfig.Mistake: null } shown && _command is null)
        {
            var sender = Trials.SenderOf(shown.Ref, shown.WebhookConfig);
            _hasSecret = sender.Scheme is not null;
            _command = await Trials.CommandAsync(shown.Ref, sender, Trials.Example(sender), new(Navigation.BaseUri), cancellationToken);
        }
    }

    private Task BeginAsync(FirstSample sample) => DoAsync(token => Ready.MakeAsync(sample, new(Navigation.BaseUri), token));

    private Task SendAsync() => DoAsync(token => Trials.SendAsync(
        _trigger!.Ref, Trials.SenderOf(_trigger.Ref, _trigger.WebhookConfig), null, new(Navigation.BaseUri), token));

    private async Task DoAsync(Func<CancellationToken, Task> work)
    {
        (_busy, _refused) = (true, null);
        try
        {
            await work(Leaving);
        }
        catch (RefusedException refused)
        {
            _refused = refused.Message;
        }
        finally
        {
            _busy = false;
        }

        await TakeTurnAsync(ReadAsync);
    }
}
