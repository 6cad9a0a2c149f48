using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

public sealed class FakeRules(FakeAttune attune) : IRuleRepository
{
    public Task<Rule?> FindAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult(attune.Rules.GetValueOrDefault(reference));

    public Task<Page<RuleSummary>> ListAsync(RuleFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        FakeLists.PageByRefAsync(
            attune.Rules.Values
                .Where(rule => (filter.TriggerRef is null || rule.TriggerRef == filter.TriggerRef) && (!filter.EnabledOnly || rule.Enabled)
                    && (filter.States.Count == 0 || filter.States.Contains(rule.State)))
                .Select(rule => new RuleSummary
                {
                    Id = rule.Id, Ref = rule.Ref, PackRef = rule.PackRef, Label = rule.Label, Description = rule.Description,
                    ActionRef = rule.ActionRef, TriggerRef = rule.TriggerRef, Enabled = rule.Enabled, Shadow = rule.Shadow, PausedAt = rule.PausedAt, Version = rule.Version,
                    Created = rule.Created, Updated = rule.Updated,
                }),
            page, rule => rule.Ref);

    /// <summary>What saving is refused for.</summary>
    public RefusedException? Refusal { get; set; }

    public List<RuleUpdate> Updates { get; } = [];

    public Task<Rule> CreateAsync(NewRule rule, CancellationToken cancellationToken)
    {
        if (Refusal is not null)
        {
            throw Refusal;
        }

        var made = new Rule
        {
            Id = attune.NextId(), Ref = rule.Ref, PackRef = rule.Ref.Split('.')[0], Label = rule.Label, Description = rule.Description,
            ActionRef = rule.ActionRef, TriggerRef = rule.TriggerRef, Condition = rule.Condition, Conditions = rule.Conditions!.Value,
            ActionParams = rule.ActionParams!.Value, TriggerParams = rule.TriggerParams!.Value, Enabled = rule.State == RuleState.Enabled,
            Shadow = rule.State == RuleState.Shadow, IsAdhoc = true, Version = 1, Created = attune.Clock.GetUtcNow(),
            Updated = attune.Clock.GetUtcNow(),
        };
        attune.Rules[made.Ref] = made;
        return Task.FromResult(made);
    }

    public Task<Modules.Events.Applied<Rule>> ApplyAsync(NewRule rule, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page applies rules.");

    public Task<Rule?> UpdateAsync(string reference, RuleUpdate update, CancellationToken cancellationToken)
    {
        if (Refusal is not null)
        {
            throw Refusal;
        }

        if (attune.Rules.GetValueOrDefault(reference) is not { } rule)
        {
            return Task.FromResult<Rule?>(null);
        }

        if (update.ExpectedVersion is { } expected && expected != rule.Version)
        {
            throw new RefusedException(RefusalKind.Conflict, "expected_version", "It has been changed meanwhile.");
        }

        Updates.Add(update);

        var state = update.State ?? (update.Enabled is { } enabled ? enabled ? RuleState.Enabled : RuleState.Disabled : rule.State);
        attune.Rules[reference] = rule with
        {
            Enabled = state == RuleState.Enabled, Shadow = state == RuleState.Shadow, PausedAt = null, PausedReason = null,
            Label = update.Label ?? rule.Label, Conditions = update.Conditions ?? rule.Conditions,
            Condition = update.Condition ?? rule.Condition, Window = update.Window ?? rule.Window, Updated = attune.Clock.GetUtcNow(),
        };
        return Task.FromResult<Rule?>(attune.Rules[reference]);
    }

    public Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken) => Task.FromResult(attune.Rules.Remove(reference));

    public Task<Page<RuleVersionSummary>> ListVersionsAsync(string reference, PageRequest page, CancellationToken cancellationToken)
    {
        var versions = attune.Versions.Where(version => version.RuleRef == reference).Select(version => new RuleVersionSummary
        {
            Rule = version.Rule, Version = version.Version, RuleRef = version.RuleRef, TriggerRef = version.TriggerRef,
            Condition = version.Condition, ActionRef = version.ActionRef, Created = version.Created,
        });
        return Task.FromResult(Page.FromPlace<RuleVersionSummary>([.. versions.Skip((int)page.Place).Take(page.Size + 1)], page));
    }

    public Task<RuleVersion?> FindVersionAsync(string reference, int version, CancellationToken cancellationToken) =>
        Task.FromResult(attune.Versions.Find(one => one.RuleRef == reference && one.Version == version));

    public Task<RuleVersion?> FindVersionAsync(long rule, int version, CancellationToken cancellationToken) =>
        Task.FromResult(attune.Versions.Find(one => one.Rule == rule && one.Version == version));
}
