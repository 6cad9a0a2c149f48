using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Enforcements, a line each.</summary>
public sealed partial class EnforcementTable
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<EnforcementSummary> Rows { get; set; }

    /// <summary>Only the columns that a card has room for.</summary>
    [Parameter]
    public bool Brief { get; set; }
}
