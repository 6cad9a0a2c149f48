using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Stands where rows will be.</summary>
public sealed partial class RowSkeletons
{
    [Parameter]
    public int Rows { get; set; } = 8;
}
