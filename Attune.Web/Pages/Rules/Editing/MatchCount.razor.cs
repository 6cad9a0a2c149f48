using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>How many of the last events the draft would have matched, counted again while somebody types.</summary>
public sealed partial class MatchCount
{
    // Typing goes on meanwhile: what is slower than this is the whole backtest's.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700);

    private int _days = 1;
    private string? _asked;
    private BacktestProgress? _counted;
    private string? _said;
    private CancellationTokenSource? _running;

    [Parameter, EditorRequired]
    public required EditorState Editor { get; set; }

    /// <summary>The rule that the draft is of; null for one that is to be made.</summary>
    [Parameter]
    public string? Reference { get; set; }

    /// <summary>Where the whole of it is counted; null where there is no such page.</summary>
    [Parameter]
    public string? Whole { get; set; }

    [Inject]
    public required IRuleBacktester Backtester { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override async Task OnParametersSetAsync()
    {
        // As soon as the conditions could be read, and only then: a draft that is wrong matches nothing anybody means.
        if (Editor.Trial is not null && Question is var question && question != _asked)
        {
            _asked = question;
            await StartAsync();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _running?.Cancel();
        base.Dispose(disposing);
    }

    private string Question =>
        $"{Editor.Form.Trigger}\n{Editor.Written.Join} {Editor.Form.Unshown ?? Editor.Written.Json}\n{Editor.Form.Window.Read()}";

    private string Sentence(BacktestProgress count)
    {
        var range = _days == 1 ? "the last 24 h" : $"the last {_days} days";
        return count.Report is { } report
            ? $"Would have matched {Format.Number(report.Matches)} of {Format.Number(report.Events)} in {range}."
            : $"Would have matched {Format.Number(count.Matches)} of the first {Format.Number(count.Events)} in {range}; there are more.";
    }

    private Task ChooseAsync(int days)
    {
        _days = days;
        return StartAsync();
    }

    private async Task StartAsync()
    {
        if (_running is not null)
        {
            await _running.CancelAsync();
        }

        using var running = CancellationTokenSource.CreateLinkedTokenSource(Leaving);
        _running = running;
        try
        {
            await Task.Delay(Pause, Clock, running.Token);
            if (Editor.Form.Trigger.Length == 0)
            {
                (_counted, _said) = (null, "Choose a trigger to see how often this would have matched.");
            }
            else if (Editor.TextMistake is null)
            {
                var now = Clock.GetUtcNow();
                var written = Editor.Written;
                var request = new BacktestRequest
                {
                    Subject = new()
                    {
                        RuleRef = Reference,
                        Draft = new()
                        {
                            TriggerRef = Editor.Form.Trigger,
                            Condition = written.Join,
                            Conditions = Editor.Form.Unshown ?? written.Json,
                            Window = Editor.Form.Window.Read(),
                        },
                    },
                    Since = now - TimeSpan.FromDays(_days),
                    Until = now,
                    First = 0,
                };
                running.CancelAfter(Longest);
                await Task.Run(() => FollowAsync(request, running), running.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody types on, has left, or it took too long; how far it has come is on the page.
        }
        catch (RefusedException refused)
        {
            (_counted, _said) = (null, refused.Message);
        }
        finally
        {
            if (_running == running)
            {
                _running = null;
            }
        }

        StateHasChanged();
    }

    private async Task FollowAsync(BacktestRequest request, CancellationTokenSource running)
    {
        await foreach (var step in Backtester.RunAsync(request, running.Token))
        {
            await InvokeAsync(() =>
            {
                if (_running == running && (step.Events > 0 || step.Report is not null))
                {
                    _counted = step;
                    StateHasChanged();
                }
            });
        }
    }
}
