using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Filters by time: the last so long, or from one instant to another in the reader's zone.</summary>
public sealed partial class RangeFilter
{
    private bool _open;
    private DateTime? _since;
    private DateTime? _until;

    [Parameter, EditorRequired]
    public required TimeFilter Value { get; set; }

    [Parameter]
    public EventCallback<TimeFilter> Changed { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    private void Toggle()
    {
        _open = !_open;
        _since = Local(Value.Since);
        _until = Local(Value.Until);
    }

    private Task ApplyAsync() => ChooseAsync(TimeFilter.Between(Instant(_since), Instant(_until)));

    private async Task ChooseAsync(TimeFilter range)
    {
        _open = false;
        await Changed.InvokeAsync(range);
    }

    private DateTime? Local(DateTimeOffset? at) => at is { } instant ? TimeZoneInfo.ConvertTime(instant, Browser.Zone).DateTime : null;

    private DateTimeOffset? Instant(DateTime? local) => local is { } time
        ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), Browser.Zone.GetUtcOffset(time))
        : null;
}
