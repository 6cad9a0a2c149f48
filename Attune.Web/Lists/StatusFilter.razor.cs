using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Filters by any of several statuses; none chosen means all.</summary>
public sealed partial class StatusFilter<TStatus>
{
    private readonly string _button = $"status-{Guid.NewGuid():N}";
    private readonly string _drop = $"statuses-{Guid.NewGuid():N}";

    [Parameter, EditorRequired]
    public required IReadOnlyList<TStatus> Value { get; set; }

    [Parameter]
    public EventCallback<IReadOnlyList<TStatus>> Changed { get; set; }

    private string Text => Value switch
    {
        [] => "All statuses",
        [var one] => Statuses.Label(one),
        _ => $"{Value.Count} statuses",
    };

    // In the order of the life cycle, so that one choice has one address.
    private Task TurnAsync(TStatus turned) => Changed.InvokeAsync(
        [.. Enum.GetValues<TStatus>().Where(status => Value.Contains(status) != EqualityComparer<TStatus>.Default.Equals(status, turned))]);
}
