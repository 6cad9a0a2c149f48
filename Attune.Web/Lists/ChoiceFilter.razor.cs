using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Filters by one of a few values, or by none.</summary>
public sealed partial class ChoiceFilter<TValue>
{
    private readonly string _id = $"choice-{Guid.NewGuid():N}";

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>The word for no filter.</summary>
    [Parameter, EditorRequired]
    public required string Any { get; set; }

    [Parameter, EditorRequired]
    public required TValue? Value { get; set; }

    /// <summary>What people read for a value.</summary>
    [Parameter, EditorRequired]
    public required Func<TValue, string> Name { get; set; }

    [Parameter]
    public EventCallback<TValue?> Changed { get; set; }

    private async Task TakeAsync(ChangeEventArgs change)
    {
        TValue? value = Enum.TryParse<TValue>(change.Value as string, out var chosen) ? chosen : null;
        if (!Equals(value, Value))
        {
            await Changed.InvokeAsync(value);
        }
    }
}
