using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Web.Lists;

/// <summary>The references that exist now, for filters to suggest.</summary>
public sealed class KnownRefs(ITriggerRepository triggers, IRuleRepository rules, IActionRepository actions)
{
    public Task<IReadOnlyList<string>> TriggersAsync(CancellationToken cancellationToken) =>
        AllAsync((page, token) => triggers.ListAsync(enabledOnly: false, page, token), trigger => trigger.Ref, cancellationToken);

    public Task<IReadOnlyList<string>> RulesAsync(CancellationToken cancellationToken) =>
        AllAsync((page, token) => rules.ListAsync(new RuleFilter(), page, token), rule => rule.Ref, cancellationToken);

    public Task<IReadOnlyList<string>> ActionsAsync(CancellationToken cancellationToken) =>
        AllAsync(actions.ListAsync, action => action.Ref, cancellationToken);

    private static async Task<IReadOnlyList<string>> AllAsync<T>(
        Func<PageRequest, CancellationToken, Task<Page<T>>> read, Func<T, string> reference, CancellationToken cancellationToken) =>
        [.. (await WholeList.ReadAsync(read, cancellationToken)).Select(reference)];
}
