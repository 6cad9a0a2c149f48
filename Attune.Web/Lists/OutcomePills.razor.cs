using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>The rules that matched an event, each with what became of it.</summary>
public sealed partial class OutcomePills
{
    private const int Most = 3;

    [Parameter, EditorRequired]
    public required IReadOnlyList<RuleOutcome> Outcomes { get; set; }
}
