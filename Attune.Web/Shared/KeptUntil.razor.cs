using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>Until when retention keeps a row for certain. Days are dropped whole, so it may be there up to a day longer.</summary>
public sealed partial class KeptUntil
{
    /// <summary>How long events, enforcements and executions are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>When the row was created.</summary>
    [Parameter, EditorRequired]
    public required DateTimeOffset Created { get; set; }

    private DateTimeOffset At => Created + Kept;
}
