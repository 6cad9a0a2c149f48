using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Backtests;

/// <summary>Tries a rule, one of its versions or a draft on stored events. The address holds what is tried, and on which of them.</summary>
public sealed partial class BacktestPage
{
    private const int Named = 10;

    private CancellationTokenSource? _running;
    private string? _subject;
    private (BacktestList?, int)? _listed;
    private bool _read;
    private Rule? _rule;
    private IReadOnlyList<RuleVersionSummary> _versions = [];
    private string _draft = "";
    private DraftMistake? _mistake;
    private BacktestProgress? _progress;
    private BacktestReport? _report;
    private RuleDraft? _tried;
    private string? _end;

    /// <summary>The rule; null for a draft that is no rule's.</summary>
    [Parameter]
    public string? Reference { get; set; }

    [Inject]
    public required IRuleBacktester Backtester { get; init; }

    [Inject]
    public required IRuleRepository Rules { get; init; }

    [Inject]
    public required IDialogService Dialogs { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    private RuleVersion? Newest { get; set; }

    private RuleVersion? Chosen { get; set; }

    private string AsItIs => $"As it {(_rule is null ? "was last" : "is now")} · v{Newest?.Version}";

    private ConditionJoin Join => Filter.Join ?? Newest?.Condition ?? ConditionJoin.All;

    protected override async Task OnParametersSetAsync()
    {
        if (_subject != (Reference ?? ""))
        {
            _subject = Reference ?? "";
            await CancelAsync();
            (_read, _report, _end, _mistake, _draft) = (false, null, null, null, "");
            await ReadAsync();
        }

        _draft = Filter.Conditions ?? (_draft.Length > 0 ? _draft : DraftText.Of(Newest?.Conditions));
        var filter = Filter;
        var chosen = await TextAsync(filter.Version);
        if (filter == Filter && Query.Mistakes.Count == 0)
        {
            Chosen = chosen;
            if (filter.List is not null && _listed != (filter.List, filter.Page))
            {
                _listed = (filter.List, filter.Page);
                await RunAsync();
            }
        }
    }

    private static string Pressed(bool chosen) => chosen ? "true" : "false";

    private static string Short(TimeFilter range) => range.Last is { TotalDays: <= 1 } ? "24 h" : $"{range.Last!.Value.Days} days";

    // Not by links: a draft that is being edited arrives before the click on a button, and after the one on a link.
    private void Go(BacktestQuery query, bool replace = false) =>
        Navigation.NavigateTo((query with { Conditions = _draft }).Address(Reference), replace: replace);

    private async Task ReadAsync()
    {
        if (Reference is null)
        {
            (_rule, _versions, Newest, _read) = (null, [], null, true);
            return;
        }

        _rule = await Rules.FindAsync(Reference, Leaving);

        // A reference may have been another rule's before; only the versions of the last one can be asked about by it.
        var versions = await WholeList.ReadAsync((page, token) => Rules.ListVersionsAsync(Reference, page, token), Leaving);
        var last = _rule?.Id ?? (versions is [var newest, ..] ? newest.Rule : null);
        _versions = [.. versions.Where(version => version.Rule == last).OrderByDescending(version => version.Version)];
        Newest = _versions is [var current, ..] ? await Rules.FindVersionAsync(current.Rule, current.Version, Leaving) : null;
        _read = true;
    }

    private async Task<RuleVersion?> TextAsync(int? version) =>
        version is null || version == Newest?.Version || Newest is not { } newest ? Newest
            : await Rules.FindVersionAsync(newest.Rule, version.Value, Leaving);

    private void ChooseVersion(ChangeEventArgs chosen) =>
        Go(Filter with { IsDraft = false, Version = (int?)AddressQuery.ParseId(chosen.Value as string) });

    private void Edited(string text)
    {
        _draft = text;
        (_, _mistake) = DraftMistake.Read(text);
    }

    private void Reset() => Edited(DraftText.Of(Newest?.Conditions));

    private async Task CancelAsync()
    {
        if (_running is not null)
        {
            await _running.CancelAsync();
        }
    }

    private async Task RunAsync()
    {
        if (_running is not null)
        {
            return;
        }

        (_mistake, _end, _tried) = (null, null, null);
        if (Filter.IsDraft)
        {
            (var conditions, _mistake) = DraftMistake.Read(_draft);
            if (_mistake is not null)
            {
                return;
            }

            _tried = new() { TriggerRef = Filter.Trigger, Condition = Join, Conditions = conditions };
            Go(Filter, replace: true);
        }

        using var running = CancellationTokenSource.CreateLinkedTokenSource(Leaving);
        var now = Clock.GetUtcNow();
        var request = new BacktestRequest
        {
            Subject = new() { RuleRef = Reference, Version = Filter.Version, Draft = _tried },
            Since = now - Filter.Range.Last,
            Until = now,
            First = Filter.List is null ? Named : BacktestRequest.MostFirst,
            Skip = Filter.List is null ? 0 : (Filter.Page - 1) * BacktestRequest.MostFirst,
        };
        (_running, _progress, _report) = (running, null, null);
        try
        {
            // Away from the circuit's thread, which the reader's clicks need; the cancel button above all.
            await Task.Run(() => FollowAsync(request, running.Token), running.Token);
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            _end = _progress is { } far ? $"Cancelled after {Format.Count(far.Events, "event")}." : "Cancelled.";
        }
        catch (RefusedException refused)
        {
            _mistake = _tried is null ? null : DraftMistake.Of(_draft, refused);
            _end = _tried is null ? refused.Message : null;
        }
        finally
        {
            _running = null;
        }
    }

    private async Task FollowAsync(BacktestRequest request, CancellationToken cancellationToken)
    {
        await foreach (var step in Backtester.RunAsync(request, cancellationToken))
        {
            await InvokeAsync(() =>
            {
                (_progress, _report) = (step, step.Report);
                StateHasChanged();
            });
        }
    }

    private async Task SaveAsync(RuleDraft draft)
    {
        var sure = await Dialogs.SureAsync(
            $"Change {Reference}?",
            "The rule has the draft's conditions from now on. Enforcements that it has left already stay as they are.", "Save");
        if (sure && await Snackbar.TryAsync(() =>
            Rules.UpdateAsync(Reference!, new RuleUpdate { Condition = draft.Condition, Conditions = draft.Conditions }, Leaving)))
        {
            Snackbar.Add($"{Reference} has been saved.");
            Navigation.NavigateTo(Urls.Rule(Reference)!);
        }
    }
}
