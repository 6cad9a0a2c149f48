using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Failures;

/// <summary>What failed, grouped by its error. A group can be run again as a job, which is confirmed on a page of its own.</summary>
public sealed partial class FailuresPage
{
    private const int MostMembers = 50;

    private FailuresFilter? _asked;
    private FailureFilter? _bounds;
    private FailureReport? _report;
    private IReadOnlyList<FailedExecution>? _members;
    private string? _refusal;
    private bool _busy;

    [Inject]
    public required IFailureGroups Failures { get; init; }

    [Inject]
    public required IJobs Jobs { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    protected override async Task OnParametersSetAsync()
    {
        var asked = Filter;
        if (_asked == asked)
        {
            return;
        }

        var isOther = _asked is not { } before || before with { Of = null, Error = null } != asked with { Of = null, Error = null };
        (_asked, _members) = (asked, null);
        try
        {
            if (isOther)
            {
                (_report, _refusal) = (null, null);
                var bounds = asked.ToFailureFilter(Clock.GetUtcNow());
                var report = await Failures.ReportAsync(bounds, Leaving);
                if (_asked != asked)
                {
                    return;
                }

                (_bounds, _report) = (bounds, report);
            }

            if (_report?.Groups.FirstOrDefault(asked.IsOpen) is { } open)
            {
                var members = await Failures.ListAsync(_bounds!, open.ActionRef, open.Error, MostMembers, Leaving);
                _members = _asked == asked ? members : _members;
            }
        }
        catch (RefusedException refused)
        {
            _refusal = refused.Message;
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The reader has left.
        }
    }

    private static string Sum(FailureReport report) =>
        $"{(report.TotalIsMinimum ? "At least " : "")}{Format.Count(report.Total, "execution")} in {Format.Count(report.Groups.Count + report.Others, "group")}."
        + " What was run again since is left out: its new run stands for it.";

    private void Go(FailuresFilter filter) => Navigation.NavigateTo((filter with { Of = null, Error = null }).Address);

    // The set is what the reader sees now: what fails while the job is looked at is not in it.
    private async Task RunAllAsync(FailureGroup group)
    {
        _busy = true;
        await Snackbar.TryAsync(async () =>
        {
            var members = await Failures.ListAsync(_bounds!, group.ActionRef, group.Error, FailureReport.MostExecutions, Leaving);
            var job = await Jobs.CreateAsync(
                new() { Kind = JobKind.RerunExecutions, Ids = [.. members.Select(one => one.Id).Reverse()] }, Leaving);
            Navigation.NavigateTo(Urls.Job(job.Id));
        });
        _busy = false;
    }
}
