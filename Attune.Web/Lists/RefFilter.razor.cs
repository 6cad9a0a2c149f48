using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Filters by a reference: suggests those that exist, and takes any, because rows outlive what they name.</summary>
public sealed partial class RefFilter
{
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public string Placeholder { get; set; } = "pack.name";

    [Parameter, EditorRequired]
    public required string? Value { get; set; }

    [Parameter]
    public EventCallback<string?> Changed { get; set; }

    /// <summary>The references that exist.</summary>
    [Parameter]
    public Func<CancellationToken, Task<IReadOnlyList<string>>>? Known { get; set; }

    /// <summary>Takes only references that exist: nothing is asked while somebody types.</summary>
    [Parameter]
    public bool KnownOnly { get; set; }

    private async Task<IEnumerable<string>> SearchAsync(string? text, CancellationToken cancellationToken)
    {
        if (Known is null)
        {
            return [];
        }

        var known = await Known(cancellationToken);
        return string.IsNullOrWhiteSpace(text) || text == Value
            ? known
            : known.Where(reference => reference.Contains(text.Trim(), StringComparison.OrdinalIgnoreCase));
    }

    private async Task ChangedAsync(string? value)
    {
        if (AddressQuery.ParseText(value) is var text && text != Value)
        {
            await Changed.InvokeAsync(text);
        }
    }
}
