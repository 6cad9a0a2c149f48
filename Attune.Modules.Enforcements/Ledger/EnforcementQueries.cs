using Attune.Db;

namespace Attune.Modules.Enforcements.Ledger;

/// <summary>The statements that list enforcements.</summary>
internal static class EnforcementQueries
{
    private const string Columns = "id, rule, rule_ref, rule_version, trigger_ref, event, status, condition, created, resolved_at";

    public static (string Sql, object Parameters) List(EnforcementFilter filter, PageRequest page, TimeRange range, int limit) =>
        (StatusQuery.Page("enforcement", Columns, Matching(filter, page), filter.Statuses), Parameters(filter, page, range, limit));

    public static (string Sql, object Parameters) Count(EnforcementFilter filter, TimeRange range, int limit)
    {
        var all = new PageRequest();
        return (StatusQuery.Count("enforcement", Matching(filter, all), filter.Statuses), Parameters(filter, all, range, limit));
    }

    // A row comparison orders correctly but prunes no partition; the plain bound beside it does.
    private static string Matching(EnforcementFilter filter, PageRequest page) => Where.All(
        (true, "created >= @Since AND created < @Until"),
        (page.After is not null, "created <= @At AND (created, id) < (@At, @Id)"),
        (filter.Rule is not null, "rule = @Rule"),
        (filter.RuleRef is not null, "rule_ref = @RuleRef"),
        (filter.TriggerRef is not null, "trigger_ref = @TriggerRef"),
        (filter.Event is not null, "event = @Event"));

    private static object Parameters(EnforcementFilter filter, PageRequest page, TimeRange range, int limit) => new
    {
        range.Since,
        range.Until,
        page.After?.At,
        page.After?.Id,
        filter.Rule,
        filter.RuleRef,
        filter.TriggerRef,
        filter.Event,
        limit,
        page.Offset,
        reach = page.Offset + limit,
    };
}
