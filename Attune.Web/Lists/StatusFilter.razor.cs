using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Filters by any of several statuses; none chosen means all.</summary>
public sealed partial class StatusFilter<TStatus>
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<TStatus> Value { get; set; }

    [Parameter]
    public EventCallback<IReadOnlyList<TStatus>> Changed { get; set; }

    private static string Text(IReadOnlyList<string?>? chosen) => chosen switch
    {
        null or [] => "",
        [var one] => one ?? "",
        _ => $"{chosen.Count} statuses",
    };

    private async Task ChangedAsync(IEnumerable<TStatus>? chosen)
    {
        // In the order of the life cycle, so that one choice has one address.
        IReadOnlyList<TStatus> statuses = [.. Enum.GetValues<TStatus>().Where((chosen ?? []).Contains)];
        if (!statuses.SequenceEqual(Value))
        {
            await Changed.InvokeAsync(statuses);
        }
    }
}
