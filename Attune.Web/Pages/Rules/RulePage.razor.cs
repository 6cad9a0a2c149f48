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
