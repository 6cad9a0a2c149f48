using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>The texts that a rule has had. They outlive it, so a reference without any is the one that is not found.</summary>
internal static class RuleVersionsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/rules/changes", ListChangesAsync).WithTags("Rule versions").WithName("ListRuleChanges")
            .WithSummary("When rules were made, changed, switched or deleted, newest first");
        var versions = api.MapGroup("/rules/{ref}/versions").WithTags("Rule versions");
        versions.MapGet("/", ListAsync).WithName("ListRuleVersions").WithSummary("What a rule has said, newest first");
        versions.MapGet("/{version}", FindAsync).WithName("GetRuleVersion").WithSummary("What a rule said in one of its versions");
        versions.MapGet("/{version}/diff", CompareAsync)
            .WithName("CompareRuleVersions").WithSummary("What a version changed, place by place");
    }

    private static async Task<Envelope<IReadOnlyList<RuleChange>>> ListChangesAsync(
        RuleChangesQuery query, IRuleChanges changes, CancellationToken cancellationToken) =>
        new(await changes.ListAsync(
            new() { RuleRef = query.RuleRef, TriggerRef = query.TriggerRef, Since = query.Since, Until = query.Until }, cancellationToken));

    private static async Task<Listing<RuleVersionSummary>> ListAsync(
        [FromRoute(Name = "ref")] string reference, PageQuery query, IRuleRepository rules, CancellationToken cancellationToken)
    {
        var versions = await rules.ListVersionsAsync(reference, query.Request, cancellationToken);
        return versions.Items.Count > 0 || await HasVersionsAsync(reference, rules, cancellationToken)
            ? query.Listing(versions)
            : throw Missing(reference);
    }

    private static async Task<Envelope<RuleVersion>> FindAsync(
        [FromRoute(Name = "ref")] string reference, long version, IRuleRepository rules, CancellationToken cancellationToken) =>
        new(await OneAsync(reference, version, rules, cancellationToken));

    /// <summary>What a version changed: of the one before it, or of the one that <c>against</c> names.</summary>
    private static async Task<Envelope<RuleVersionDifference>> CompareAsync(
        [FromRoute(Name = "ref")] string reference, long version, VersionQuery query, IRuleRepository rules,
        CancellationToken cancellationToken)
    {
        var to = await OneAsync(reference, version, rules, cancellationToken);
        var from = (query.Against ?? version - 1) is >= 1 and var earlier
            ? await OneAsync(reference, earlier, rules, cancellationToken) : null;
        return new(new RuleVersionDifference
        {
            RuleRef = to.RuleRef,
            FromVersion = from?.Version,
            ToVersion = to.Version,
            Changes = to.ChangesSince(from),
        });
    }

    private static async Task<RuleVersion> OneAsync(
        string reference, long version, IRuleRepository rules, CancellationToken cancellationToken) =>
        (version is > 0 and <= int.MaxValue ? await rules.FindVersionAsync(reference, (int)version, cancellationToken) : null)
            ?? throw (await HasVersionsAsync(reference, rules, cancellationToken)
                ? new RefusedException(RefusalKind.NotFound, "version", $"Rule '{Reference.Shown(reference)}' has no version {version}")
                : Missing(reference));

    private static async Task<bool> HasVersionsAsync(string reference, IRuleRepository rules, CancellationToken cancellationToken) =>
        (await rules.ListVersionsAsync(reference, new() { Size = 1 }, cancellationToken)).Items.Count > 0;

    private static RefusedException Missing(string reference) =>
        RefusedException.NotFound($"Rule '{Reference.Shown(reference)}' not found");
}

/// <summary>Which changes of rules to list, as an address says it.</summary>
internal sealed record RuleChangesQuery : IQuery<RuleChangesQuery>
{
    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}
