using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>What somebody who looks at a rule should know first: that it is paused, that it fails, that it only records.</summary>
public sealed partial class RuleNotices
{
    [Parameter]
    [EditorRequired]
    public required Rule Rule { get; set; }

    /// <summary>Lets a paused rule go on.</summary>
    [Parameter]
    public EventCallback Resume { get; set; }

    /// <summary>Makes a shadow an enabled rule.</summary>
    [Parameter]
    public EventCallback Promote { get; set; }

    private static string Events(long count) => Format.Count(count, "event");
}
