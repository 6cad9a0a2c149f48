using System.Globalization;
using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;

namespace Attune.Web.Search;

/// <summary>What a search finds, newest first, as it is found; with how far it has come, and a way to stop it and to go on.</summary>
public sealed partial class SearchRows<TRow> where TRow : IKeysetRow
{
    private readonly List<TRow> _rows = [];
    private object? _subject;
    private CancellationTokenSource? _run;
    private SearchProgress? _progress;
    private Cursor? _next;
    private SearchEndReason? _end;
    private long _earlier;
    private bool _stopped;
    private string? _refused;
    private string? _failed;

    /// <summary>What is searched, and how it is filtered; another one begins another search.</summary>
    [Parameter, EditorRequired]
    public required object Filter { get; set; }

    /// <summary>Searches, from a place on.</summary>
    [Parameter, EditorRequired]
    public required Func<Cursor?, CancellationToken, IAsyncEnumerable<SearchStep<TRow>>> Search { get; set; }

    /// <summary>What a row is, in the singular.</summary>
    [Parameter, EditorRequired]
    public required string Noun { get; set; }

    /// <summary>The address of the list without the search.</summary>
    [Parameter, EditorRequired]
    public required string Clear { get; set; }

    [Parameter, EditorRequired]
    public required RenderFragment<IReadOnlyList<TRow>> ChildContent { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required ILogger<SearchRows<TRow>> Logger { get; init; }

    private bool IsRunning => _run is not null;

    private string Share => string.Create(
        CultureInfo.InvariantCulture,
        $"width:{(_end == SearchEndReason.Complete ? 100 : _progress is { About: > 0 } known ? Math.Min(99, 100.0 * known.Rows / known.About.Value) : 0):0.#}%");

    // How far it has come, in words.
    private string State
    {
        get
        {
            if (_progress is not { } progress || _refused is not null || _failed is not null)
            {
                return IsRunning ? "Searching…" : "";
            }

            if (progress.Waiting)
            {
                return "Two other searches are running here: this one begins when one of them ends.";
            }

            var rows = _earlier + progress.Rows;
            var found = $"{Format.Number(_rows.Count)} found";
            var failures = progress.Failures > 0 ? $" · {Format.Number(progress.Failures)} were too dear to be asked" : "";
            if (_end == SearchEndReason.Complete)
            {
                return $"{found}. All {Format.Count(rows, Noun)} looked at{failures}.";
            }

            var about = IsRunning && progress.About > progress.Rows && _earlier == 0 ? $" of about {Rough(progress.About.Value)}" : "";
            var back = progress.At is { } at ? $", back to {Back(at)}" : "";
            return $"{(_stopped ? "Stopped. " : "")}{found} · looked at {Format.Number(rows)}{about}{back}{failures}";
        }
    }

    protected override Task OnParametersSetAsync()
    {
        if (Equals(_subject, Filter))
        {
            return Task.CompletedTask;
        }

        _subject = Filter;
        return StartAsync();
    }

    protected override void Dispose(bool disposing)
    {
        _run?.Cancel();
        base.Dispose(disposing);
    }

    // 5,834,112 is about 5.8 M.
    private static string Rough(long number) => number switch
    {
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e6:0.#} M"),
        >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e3:0} k"),
        _ => Format.Number(number),
    };

    private string Back(DateTimeOffset at) =>
        Clock.GetUtcNow() - at < TimeSpan.FromHours(12) ? Format.Clock(at, Browser.Zone) : Format.Instant(at, Browser.Zone)[..16];

    private Task StartAsync()
    {
        _rows.Clear();
        (_earlier, _next) = (0, null);
        return RunAsync(null);
    }

    private Task FurtherAsync()
    {
        _earlier += _progress?.Rows ?? 0;
        return RunAsync(_next);
    }

    private void Stop()
    {
        _stopped = true;
        _run?.Cancel();
    }

    private async Task RunAsync(Cursor? after)
    {
        _run?.Cancel();
        using var run = CancellationTokenSource.CreateLinkedTokenSource(Leaving);
        (_run, _progress, _end, _stopped, _refused, _failed) = (run, null, null, false, null, null);
        StateHasChanged();
        try
        {
            // Away from the circuit's thread, which the reader's clicks need; Stop above all.
            await Task.Run(() => FollowAsync(after, run), run.Token);
        }
        catch (RefusedException refused)
        {
            _refused = refused.Message;
        }
        catch (OperationCanceledException) when (run.IsCancellationRequested)
        {
            // Stopped: what was found stays, and the search can go on from there.
        }
        catch (Exception error) when (!run.IsCancellationRequested)
        {
            _failed = "The log of Attune says why.";
            Log.Failed(Logger, error);
        }
        finally
        {
            if (_run == run)
            {
                _run = null;
            }
        }

        if (!Leaving.IsCancellationRequested)
        {
            StateHasChanged();
        }
    }

    private async Task FollowAsync(Cursor? after, CancellationTokenSource run)
    {
        await foreach (var step in Search(after, run.Token))
        {
            await InvokeAsync(() =>
            {
                // Else another search has begun in its place.
                if (_run == run)
                {
                    Take(step);
                    StateHasChanged();
                }
            });
        }
    }

    private void Take(SearchStep<TRow> step)
    {
        _rows.AddRange(step.Hits);
        _progress = step.Progress;
        _next = step.End is { } end ? end.Next : step.Progress.Place ?? _next;
        _end = step.End?.Reason;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A search was broken off")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
