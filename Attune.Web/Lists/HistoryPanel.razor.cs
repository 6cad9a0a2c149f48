using System.Globalization;
using System.Text.RegularExpressions;
using Attune.Modules.History;
using Attune.Web.Shared;
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

    [Inject]
    public required Browser Browser { get; init; }

    // The history keeps values as the database writes them, instants with their offset.
    private string Shown(string? value) => value switch
    {
        null => "–",
        _ when IsInstant().IsMatch(value) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out var at) =>
            Format.Precise(at, Browser.Zone),
        _ => value,
    };

    private static string Operation(HistoryEntry entry) => entry.Operation switch
    {
        "INSERT" => "Created",
        "UPDATE" => "Changed",
        "DELETE" => "Deleted",
        _ => entry.Operation,
    };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex IsInstant();
}
