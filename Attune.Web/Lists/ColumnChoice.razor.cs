using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>
/// Which columns a table shows, and how high its rows are. It is the browser that keeps the choice and follows it (<c>lists.js</c>), so
/// that nothing is drawn that has to go again.
/// </summary>
public sealed partial class ColumnChoice
{
    private readonly string _id = $"columns-{Guid.NewGuid():N}";

    [Parameter, EditorRequired]
    public required IReadOnlyList<TableColumn> Columns { get; set; }
}
