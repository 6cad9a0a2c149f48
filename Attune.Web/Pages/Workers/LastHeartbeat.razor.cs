using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Workers;

/// <summary>
/// When a worker was last heard of. Heartbeats are signalled to nobody, so an age would run on while the worker lives; that it
/// is not inactive says that it has been heard of lately, and that is signalled when it ends.
/// </summary>
public sealed partial class LastHeartbeat
{
    [Parameter, EditorRequired]
    public required Worker Worker { get; set; }

    [Inject]
    public required Browser Browser { get; init; }
}
