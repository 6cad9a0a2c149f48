using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>
/// Filters by time: the last so long, or from one instant to another in the reader's zone. The browser opens and closes what drops
/// out of it, with the focus inside and back at the button.
/// </summary>
public sealed partial class RangeFilter
{
    private readonly string _id = $"range-{Guid.NewGuid():N}";
    private TimeFilter? _shown;
    private DateTime? _since;
    private DateTime? _until;

    [Parameter, EditorRequired]
    public required TimeFilter Value { get; set; }

    [Parameter]
    public EventCallback<TimeFilter> Changed { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    // A range that an address made up stands among the others.
    private IEnumerable<TimeFilter> Choices =>
        [TimeFilter.Any, .. TimeFilter.Presets, .. Value.Last is not null && !TimeFilter.Presets.Contains(Value) ? [Value] : Array.Empty<TimeFilter>()];

    private bool IsFixed => (Value.Since ?? Value.Until) is not null;

    protected override void OnParametersSet()
    {
        if (_shown != Value)
        {
            (_shown, _since, _until) = (Value, Local(Value.Since), Local(Value.Until));
        }
    }

    private async Task ApplyAsync()
    {
        if ((_since ?? _until) is not null)
        {
            await Changed.InvokeAsync(TimeFilter.Between(Instant(_since), Instant(_until)));
        }
    }

    private DateTime? Local(DateTimeOffset? at) => at is { } instant ? TimeZoneInfo.ConvertTime(instant, Browser.Zone).DateTime : null;

    private DateTimeOffset? Instant(DateTime? local) => local is { } time
        ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), Browser.Zone.GetUtcOffset(time))
        : null;
}
