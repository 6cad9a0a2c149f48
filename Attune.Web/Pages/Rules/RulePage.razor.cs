using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Pages.Backtests;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Rules;

/// <summary>One rule: what it says, what it said before, and what it has led to lately. It can be switched and deleted.</summary>
public sealed partial class RulePage
{
    private const int Recent = 10;

    private Rule? _rule;
    private IReadOnlyList<RuleVersionSummary> _versions = [];
    private IReadOnlyList<EnforcementSummary> _enforcements = [];
    private ParameterSecrets _secrets = ParameterSecrets.ByName;
    private bool _read;

    [Parameter]
    public required string Reference { get; set; }

    [Inject]
    public required IRuleRepository Rules { get; init; }

    [Inject]
    public required IEnforcementRepository Enforcements { get; init; }

    [Inject]
    public required IParameterSecrets Secrets { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IDialogService Dialogs { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    protected override object Subject => Reference;

    protected override void SubjectChanged() => (_read, _rule, _versions, _enforcements) = (false, null, [], []);

    protected override bool Concerns(Change change) =>
        change.RuleRef == Reference
        && change.Channel is Channels.EventCreated or Channels.EnforcementCreated or Channels.EnforcementStatusChanged;

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var rule = await Rules.FindAsync(Reference, cancellationToken);
        var versions = await WholeList.ReadAsync((page, token) => Rules.ListVersionsAsync(Reference, page, token), cancellationToken);
        var enforcements = await Enforcements.ListAsync(
            new EnforcementFilter { RuleRef = Reference }, new PageRequest { Size = Recent }, cancellationToken);
        var secrets = await Secrets.OfAsync(rule?.ActionRef, cancellationToken);
        (_rule, _versions, _enforcements, _secrets, _read) = (rule, versions, enforcements.Items, secrets, true);
    }

    // The newest version is what the page of the backtest tries unasked.
    private string Backtest(RuleVersionSummary version) =>
        new BacktestQuery { Version = version == _versions[0] ? null : version.Version }.Address(Reference);

    private static string Missing(long? id) => id is null ? " (deleted)" : "";

    // A shadow that begins to act is worth a question: what it has recorded is what it would have done.
    private async Task SwitchAsync(Rule rule, RuleState state)
    {
        if (rule.State == state)
        {
            return;
        }

        if (rule.State != RuleState.Shadow || state != RuleState.Enabled || await Dialogs.SureAsync(
            $"Enable {Reference}?", await RecordedAsync(), "Enable it"))
        {
            await EnableAsync(state);
        }
    }

    private async Task<string> RecordedAsync()
    {
        var page = await Enforcements.ListAsync(
            new EnforcementFilter { RuleRef = Reference, Shadow = true }, new PageRequest { Size = 1, IncludeTotal = true }, Leaving);
        var recorded = page.Total is { } total ? total.Items : page.Items.Count;
        var least = page.Total?.IsMinimum == true ? "at least " : "";
        return $"As a shadow it recorded {least}{Format.Number(recorded)} {(recorded == 1 ? "match" : "matches")}. "
            + $"From now on {_rule!.ActionRef} runs for each one.";
    }

    private async Task RestoreAsync(RuleVersion version)
    {
        if (_rule is not { } now || await Rules.FindVersionAsync(now.Ref, now.Version, Leaving) is not { } newest)
        {
            return;
        }

        // Compared without its secrets, it still tells that one of them is another.
        var (ofVersion, ofNewest) = (await Secrets.OfAsync(version.ActionRef, Leaving), await Secrets.OfAsync(newest.ActionRef, Leaving));
        var shown = version with { ActionParams = ofVersion.HideToCompare(version.ActionParams)!.Value };
        newest = newest with { ActionParams = ofNewest.HideToCompare(newest.ActionParams)!.Value };
        var sure = await Dialogs.SureAsync(
            $"Restore version {version.Version}?", $"What it says becomes version {now.Version + 1}. Nothing is lost.",
            "Restore it", detail: Difference(shown, newest));
        if (sure && await Snackbar.TryAsync(() => Rules.UpdateAsync(Reference, Update(version, now), Leaving)))
        {
            Snackbar.Add($"{Reference} says again what version {version.Version} said.");
        }

        await TakeTurnAsync(ReadAsync);
    }

    private static RenderFragment Difference(RuleVersion version, RuleVersion newest) => builder =>
    {
        builder.OpenComponent<VersionChanges>(0);
        builder.AddComponentParameter(1, nameof(VersionChanges.Version), version);
        builder.AddComponentParameter(2, nameof(VersionChanges.Earlier), newest);
        builder.CloseComponent();
    };

    private static RuleUpdate Update(RuleVersion version, Rule now) => new()
    {
        TriggerRef = version.TriggerRef, TriggerParams = version.TriggerParams, Condition = version.Condition,
        Conditions = version.Conditions, ActionRef = version.ActionRef, ActionParams = version.ActionParams,
        Window = version.Window ?? System.Text.Json.JsonElement.Parse("null"), ExpectedVersion = now.Version,
    };

    private async Task EnableAsync(RuleState state)
    {
        if (await Snackbar.TryAsync(() => Rules.UpdateAsync(Reference, new RuleUpdate { State = state }, Leaving)))
        {
            Snackbar.Add($"{Reference} is {(state == RuleState.Shadow ? "a shadow" : state == RuleState.Enabled ? "enabled" : "disabled")}.");
        }

        await TakeTurnAsync(ReadAsync);
    }

    private async Task DeleteAsync()
    {
        var sure = await Dialogs.SureAsync(
            $"Delete {Reference}?", "It stops matching at once. Its versions, enforcements and executions are kept.", "Delete");
        if (sure && await Snackbar.TryAsync(() => Rules.DeleteAsync(Reference, Leaving)))
        {
            Snackbar.Add($"{Reference} has been deleted.");
            Navigation.NavigateTo(Urls.Rules);
        }
    }
}
