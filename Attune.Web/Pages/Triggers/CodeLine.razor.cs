using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>A command or an address, to be copied.</summary>
public sealed partial class CodeLine
{
    [Parameter, EditorRequired]
    public required string Text { get; set; }

    [Parameter]
    public string What { get; set; } = "text";
}
