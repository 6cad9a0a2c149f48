using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Jobs;

/// <summary>One job: a draft with its count, then how far it has come and what became of each item.</summary>
public sealed partial class JobPage
{
    // The database signals nothing of jobs; while one runs it is looked at so often.
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    // What a host had begun of a job that was aborted it finishes within so long.
    private static readonly TimeSpan Finishing = TimeSpan.FromSeconds(10);

    private Job? _job;
    private IReadOnlyList<JobItemSummary> _items = [];
    private Cursor? _next;
    private (long Id, JobItemsFilter Filter)? _shown;
    private bool _read;
    private bool _busy;

    [Parameter]
    public long Id { get; set; }

    [Inject]
    public required IJobs Jobs { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    [Inject]
    public required IDialogService Dialogs { get; init; }

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _ = WatchAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown?.Id != Id)
        {
            (_read, _job) = (false, null);
        }

        if (_shown != (Id, Filter))
        {
            (_shown, _items, _next) = ((Id, Filter), [], null);
            await ReadAsync();
        }
    }

    private static string Sum(Job job) =>
        $"{Format.Number(job.Done)} done, {Format.Number(job.Failed)} failed, {Format.Number(job.Total - job.Done - job.Failed)} "
        + (job.State == JobState.Aborted ? "not done." : "left.");

    private bool IsMoving(Job? job) => job?.State switch
    {
        JobState.Running => true,
        JobState.Aborted => Clock.GetUtcNow() - job.EndedAt < Finishing,
        _ => false,
    };

    private async Task ReadAsync()
    {
        var id = Id;
        var job = await Jobs.FindAsync(id, Leaving);
        if (id != Id)
        {
            return;
        }

        (_job, _read) = (job, true);
        if (job is { State: not JobState.Draft } && _items.Count <= PageRequest.MaxSize)
        {
            await ShowAsync();
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Between, Clock);
            while (await timer.WaitForNextTickAsync(Leaving))
            {
                await InvokeAsync(async () =>
                {
                    if (IsMoving(_job))
                    {
                        await ReadAsync();
                        StateHasChanged();
                    }
                });
            }
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The reader has left.
        }
        catch (Exception error)
        {
            await DispatchExceptionAsync(error);
        }
    }

    private void Go(JobOutcome? outcome) => Navigation.NavigateTo((Filter with { Outcome = outcome }).Address(Id));

    private async Task ShowAsync()
    {
        var page = await ItemsAsync(null);
        (_items, _next) = (page?.Items ?? [], page?.Next);
    }

    private async Task MoreAsync()
    {
        var page = await ItemsAsync(_next);
        (_items, _next) = ([.. _items, .. page?.Items ?? []], page?.Next);
    }

    private Task<Page<JobItemSummary>?> ItemsAsync(Cursor? after) => Jobs.ListItemsAsync(
        Id, Filter.Outcome is { } one ? [one] : [], new() { Size = PageRequest.MaxSize, After = after }, Leaving);

    // The reader begins what is on the page: where there are others by now, it says so and nothing is begun.
    private Task ConfirmAsync() => ChangeAsync((id, token) => Jobs.ConfirmAsync(id, _job!.Total, token));

    private async Task AbortAsync()
    {
        if (await Dialogs.SureAsync(
            $"Abort job #{Id}?", "It does no more, and cannot go on later. What it has done stays.", "Abort", "Keep it"))
        {
            await ChangeAsync(Jobs.AbortAsync);
        }
    }

    private async Task ChangeAsync(Func<long, CancellationToken, Task<Job?>> change)
    {
        _busy = true;
        await Snackbar.TryAsync(() => change(Id, Leaving));
        await ReadAsync();
        _busy = false;
    }
}
