using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;

namespace Attune.Web.Lists;

/// <summary>When rules were changed or switched, as marks of a chart.</summary>
public sealed class RuleMarks(IRuleChanges changes)
{
    /// <summary>The marks of a rule, or of the rules of a trigger; none where neither is given.</summary>
    public async Task<IReadOnlyList<ChartMark>> ReadAsync(string? rule, string? trigger, TimeRange range, CancellationToken cancellationToken) =>
        (rule ?? trigger) is null ? [] : [.. (await changes.ListAsync(
            new() { RuleRef = rule, TriggerRef = rule is null ? trigger : null, Since = range.Since, Until = range.Until }, cancellationToken))
            .Select(change => new ChartMark { At = change.At, Text = Text(change), Href = Urls.Rule(change.RuleRef) })];

    private static string Text(RuleChange change) => change switch
    {
        { Version: 1 } => $"{change.RuleRef} was made",
        { Version: { } version, Changed.Count: > 0 } => $"{change.RuleRef}: {string.Join(", ", change.Changed)} changed, version {version}",
        { Version: { } version } => $"{change.RuleRef} changed, version {version}",
        { State: "deleted" } => $"{change.RuleRef} was deleted",
        { StateBefore: { } before } => $"{change.RuleRef}: {before}, then {change.State}",
        _ => $"{change.RuleRef}: {change.State}",
    };
}
