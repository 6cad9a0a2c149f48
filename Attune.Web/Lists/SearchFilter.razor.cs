using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Narrows a short list while somebody types.</summary>
public sealed partial class SearchFilter
{
    private readonly string _id = $"search-{Guid.NewGuid():N}";
    private string? _value;
    private string _text = "";

    [Parameter, EditorRequired]
    public required string? Value { get; set; }

    /// <summary>Called for every letter: what it does should add nothing to the history.</summary>
    [Parameter]
    public EventCallback<string?> Changed { get; set; }

    // What is typed stands as it was typed, its spaces included.
    protected override void OnParametersSet()
    {
        if (_value != Value)
        {
            _value = Value;
            _text = AddressQuery.ParseText(_text) == Value ? _text : Value ?? "";
        }
    }

    private Task TakeAsync(string? text)
    {
        _text = text ?? "";
        return Changed.InvokeAsync(AddressQuery.ParseText(_text));
    }
}
