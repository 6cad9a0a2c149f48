using Attune.Modules.History;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Every recorded change, newest first: which fields, from what, to what.</summary>
public sealed partial class HistoryPanel
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<HistoryEntry> Entries { get; set; }

    /// <summary>What they are changes of, in the singular.</summary>
    [Parameter]
    public string Noun { get; set; } = "execution";

    [Parameter]
    public bool HasOlder { get; set; }

    [Parameter]
    public EventCallback Older { get; set; }

    private static string Operation(HistoryEntry entry) => entry.Operation switch
    {
        "INSERT" => "Created",
        "UPDATE" => "Changed",
        "DELETE" => "Deleted",
        _ => entry.Operation,
    };
}
