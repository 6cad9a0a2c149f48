using Attune.Db.Changes;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>Reads the figures of a range, once for all who look at it, and again while things happen.</summary>
public sealed partial class Figures
{
    private HomeFigures? _figures;

    [Parameter, EditorRequired]
    public required TimeFilter Range { get; set; }

    /// <summary>Shows them; null until they are there.</summary>
    [Parameter, EditorRequired]
    public required RenderFragment<HomeFigures?> ChildContent { get; set; }

    [Inject]
    public required HomeReader Reader { get; init; }

    [Inject]
    public required SharedReads Reads { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    // Sums over up to ninety days: dearer than a list, and what one row adds to them is little.
    protected override TimeSpan Interval => TimeSpan.FromSeconds(Range.Last <= TimeSpan.FromDays(1) ? 3 : 15);

    protected override object Subject => Range;

    protected override bool Concerns(Change change) => Range.IsOpen && change.EntityType is "event" or "enforcement" or "execution";

    protected override async Task ReadAsync(CancellationToken cancellationToken)
    {
        var range = Range;
        _figures = await Reads.ReadAsync((nameof(HomeFigures), range), token =>
        {
            var (since, until) = range.Bounds(Clock.GetUtcNow());
            return Reader.ReadAsync(since, until, token);
        }, cancellationToken);
    }
}
