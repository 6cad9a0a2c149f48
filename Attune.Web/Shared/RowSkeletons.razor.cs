using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>Stands where rows will be.</summary>
public sealed partial class RowSkeletons
{
    [Parameter]
    public int Rows { get; set; } = 8;
}
