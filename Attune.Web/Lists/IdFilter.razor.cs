using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Filters by an id, as soon as it is entered or the field is left.</summary>
public sealed partial class IdFilter
{
    private readonly string _id = $"id-{Guid.NewGuid():N}";
    private long? _value;
    private string? _text;
    private string? _mistake;

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter, EditorRequired]
    public required long? Value { get; set; }

    [Parameter]
    public EventCallback<long?> Changed { get; set; }

    protected override void OnParametersSet()
    {
        if (_value != Value || _text is null)
        {
            (_value, _text, _mistake) = (Value, Format.Id(Value) ?? "", null);
        }
    }

    private async Task TakeAsync(ChangeEventArgs change)
    {
        _text = change.Value as string ?? "";
        var id = AddressQuery.ParseId(_text);
        _mistake = id is null && !string.IsNullOrWhiteSpace(_text) ? "An id is a number, such as 4711." : null;
        if (_mistake is null && id != Value)
        {
            await Changed.InvokeAsync(id);
        }
    }
}
