using Attune.Modules.History;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Storage;

/// <summary>The partitions or chunks of a table one by one, the newest first, with what compression has made of each.</summary>
public sealed partial class StorageParts
{
    [Parameter, EditorRequired]
    public required StorageTable Table { get; set; }

    private bool HasCompressed => Table.Parts.Any(part => part.IsCompressed);
}
