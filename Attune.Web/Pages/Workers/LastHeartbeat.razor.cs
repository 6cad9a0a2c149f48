using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace Attune.Web.Pages.Workers;

/// <summary>
/// When a worker was last heard of. Heartbeats are signalled to nobody, so an age would run on while the worker lives; that it
/// is not inactive says that it has been heard of lately, and that is signalled when it ends.
/// </summary>
public sealed partial class LastHeartbeat
{
    [Parameter, EditorRequired]
    public required DateTimeOffset? At { get; set; }

    /// <summary>The worker's.</summary>
    [Parameter, EditorRequired]
    public required string Status { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required IOptions<WorkersOptions> Settings { get; init; }

    private string Within => FormattableString.Invariant($"{Settings.Value.LostAfter.TotalSeconds:0.###} s");
}
