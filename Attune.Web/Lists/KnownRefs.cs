using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Web.Lists;

/// <summary>The references that exist now, for filters to suggest.</summary>
public sealed class KnownRefs(ITriggerRepository triggers, IRuleRepository rules, IActionRepository actions)
{
    private const int Most = 500;

    public Task<IReadOnlyList<string>> TriggersAsync(CancellationToken cancellationToken) =>
        AllAsync((page, token) => triggers.ListAsync(enabledOnly: false, page, token), trigger => trigger.Ref, cancellationToken);

    public Task<IReadOnlyList<string>> RulesAsync(CancellationToken cancellationToken) =>
        AllAsync((page, token) => rules.ListAsync(new RuleFilter(), page, token), rule => rule.Ref, cancellationToken);

    public async Task<IReadOnlyList<string>> ActionsAsync(CancellationToken cancellationToken) =>
        [.. (await actions.ListAsync(cancellationToken)).Select(action => action.Ref)];

    private static async Task<IReadOnlyList<string>> AllAsync<T>(
        Func<PageRequest, CancellationToken, Task<Page<T>>> read, Func<T, string> reference, CancellationToken cancellationToken)
    {
        var known = new List<string>();
        Page<T> page;
        do
        {
            page = await read(new PageRequest { Size = PageRequest.MaxSize, Offset = known.Count }, cancellationToken);
            known.AddRange(page.Items.Select(reference));
        }
        while (page.Items.Count == PageRequest.MaxSize && known.Count < Most);

        return known;
    }
}
