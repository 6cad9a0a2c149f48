using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>Events of a trigger that led to nothing, grouped by the condition that failed; which of them stands in the address.</summary>
public sealed partial class UnmatchedPage
{
    private const int MostTriggers = 12;

    private IReadOnlyList<string> _triggers = [];
    private UnmatchedQuery? _asked;
    private UnmatchedReport? _report;
    private string? _refusal;
    private CancellationTokenSource? _running;

    [Inject]
    public required IUnmatchedEvents Unmatched { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override async Task OnParametersSetAsync()
    {
        if (_asked == Filter)
        {
            return;
        }

        _asked = Filter;
        await StopAsync();
        (_report, _refusal) = (null, null);
        if (Filter.Trigger is { } trigger && Query.Mistakes.Count == 0)
        {
            await RunAsync(trigger);
        }
        else if (Filter.Trigger is null)
        {
            _triggers = await Refs.TriggersAsync(Leaving);
        }
    }

    private static string NewRule(UnmatchedReport report) => AddressQuery.Empty
        .With("trigger", report.TriggerRef).With("event", Format.Id(report.Newest[0].Event)).At(Urls.BlankRule);

    private void Go(UnmatchedQuery query) => Navigation.NavigateTo(query.Address);

    private async Task StopAsync()
    {
        if (_running is not null)
        {
            await _running.CancelAsync();
        }
    }

    private async Task RunAsync(string trigger)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(Leaving);
        _running = running;
        var now = Clock.GetUtcNow();
        try
        {
            // Away from the circuit's thread, which the reader's clicks need.
            var request = new UnmatchedRequest { TriggerRef = trigger, Since = now - Filter.Range.Last, Until = now };
            await Task.Run(() => FollowAsync(request, running), running.Token);
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            // How far it has come is on the page.
        }
        catch (RefusedException refused)
        {
            _refusal = refused.Message;
        }
        finally
        {
            if (_running == running)
            {
                _running = null;
            }
        }
    }

    private async Task FollowAsync(UnmatchedRequest request, CancellationTokenSource running)
    {
        await foreach (var report in Unmatched.RunAsync(request, running.Token))
        {
            await InvokeAsync(() =>
            {
                if (_running == running)
                {
                    _report = report;
                    StateHasChanged();
                }
            });
        }
    }
}
