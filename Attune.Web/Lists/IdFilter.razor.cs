using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Filters by an id.</summary>
public sealed partial class IdFilter
{
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter, EditorRequired]
    public required long? Value { get; set; }

    [Parameter]
    public EventCallback<long?> Changed { get; set; }

    private string? Text => Format.Id(Value);

    private async Task ChangedAsync(string? text)
    {
        var id = AddressQuery.ParseId(text);
        if (id != Value && (id is not null || string.IsNullOrWhiteSpace(text)))
        {
            await Changed.InvokeAsync(id);
        }
    }
}
