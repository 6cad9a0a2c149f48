using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Executions;

/// <summary>What an execution's action says. Nothing signals it: it is looked at once a second while the execution runs.</summary>
public sealed partial class ExecutionLogPanel
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private IReadOnlyList<ExecutionLine> _lines = [];
    private (long Id, bool IsFinal)? _shown;
    private bool _isReading;

    [Parameter, EditorRequired]
    public required long Id { get; set; }

    /// <summary>Whether the execution is over, so that nothing more comes.</summary>
    [Parameter, EditorRequired]
    public required bool IsFinal { get; set; }

    [Inject]
    public required IExecutionLog Log { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override void OnInitialized() => _ = WatchAsync();

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != (Id, IsFinal))
        {
            _lines = _shown?.Id == Id ? _lines : [];
            _shown = (Id, IsFinal);
            await ReadAsync();
        }
    }

    private static string? Class(ExecutionLine line) => line.Level switch
    {
        ExecutionLineLevel.Error => "error",
        ExecutionLineLevel.Warning => "warning",
        _ => null,
    };

    private async Task ReadAsync()
    {
        var id = Id;
        var lines = await Log.ReadAsync(id, _lines.Count == 0 ? 0 : _lines[^1].Number, Leaving);
        if (id == Id && lines is { Count: > 0 })
        {
            // Two reads may have begun after the same line.
            var last = _lines.Count == 0 ? 0 : _lines[^1].Number;
            _lines = [.. _lines, .. lines.Where(line => line.Number > last)];
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Between, Clock);
            while (await timer.WaitForNextTickAsync(Leaving))
            {
                await InvokeAsync(LookAsync);
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

    private async Task LookAsync()
    {
        if (!IsFinal && !_isReading)
        {
            _isReading = true;
            var before = _lines.Count;
            await ReadAsync();
            _isReading = false;
            if (_lines.Count > before)
            {
                StateHasChanged();
            }
        }
    }
}
