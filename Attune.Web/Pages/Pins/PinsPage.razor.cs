using Attune.Db;
using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Pins;

/// <summary>The events that are kept beyond retention, the newest pin first.</summary>
public sealed partial class PinsPage
{
    private IReadOnlyList<PinnedEventSummary>? _pins;
    private PinTotals _totals;
    private Cursor? _next;

    [Inject]
    public required IPinnedEvents Pins { get; init; }

    protected override Task OnInitializedAsync() => ReadAsync();

    private static (string Text, Tone Tone) Word(PinnedEventSummary pin) => pin switch
    {
        { Problem: not null } => ("As it was", Tone.Caution),
        { IsComplete: true } => ("Complete", Tone.Good),
        { NextCopyAt: null } => ("As it was", Tone.Caution),
        _ => ("Under way", Tone.Active),
    };

    private async Task ReadAsync()
    {
        var page = await Pins.ListAsync(new() { After = _next }, Leaving);
        _totals = await Pins.TotalsAsync(Leaving);
        (_pins, _next) = ([.. _pins ?? [], .. page.Items], page.Next);
    }
}
