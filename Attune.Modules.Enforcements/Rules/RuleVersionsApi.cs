using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>The texts that a rule has had. They outlive it, so a reference without any is the one that is not found.</summary>
internal static class RuleVersionsApi
{
    public static async Task<Listing<RuleVersionSummary>> ListAsync(
        [FromRoute(Name = "ref")] string reference, PageQuery page, IRuleRepository rules, CancellationToken cancellationToken)
    {
        var versions = await rules.ListVersionsAsync(reference, page.Request, cancellationToken);
        return versions.Items.Count > 0 || await HasVersionsAsync(reference, rules, cancellationToken)
            ? page.Listing(versions)
            : throw Missing(reference);
    }

    public static async Task<Envelope<RuleVersion>> FindAsync(
        [FromRoute(Name = "ref")] string reference, int version, IRuleRepository rules, CancellationToken cancellationToken) =>
        new(await OneAsync(reference, version, rules, cancellationToken));

    /// <summary>What a version changed: of the one before it, or of the one that <c>against</c> names.</summary>
    public static async Task<Envelope<RuleVersionDifference>> CompareAsync(
        [FromRoute(Name = "ref")] string reference, int version, HttpRequest request, IRuleRepository rules, CancellationToken cancellationToken)
    {
        var against = Version(request, "against");
        var to = await OneAsync(reference, version, rules, cancellationToken);
        var from = (against ?? version - 1) is >= 1 and var earlier ? await OneAsync(reference, earlier, rules, cancellationToken) : null;
        return new(new RuleVersionDifference
        {
            RuleRef = to.RuleRef,
            FromVersion = from?.Version,
            ToVersion = to.Version,
            Changes = to.ChangesSince(from),
        });
    }

    /// <summary>The version that a request asks about; null when it names none.</summary>
    public static int? Version(HttpRequest request, string name = "version") => QueryValues.Number(request, name) switch
    {
        null => null,
        >= 1 and <= int.MaxValue and var number => (int)number,
        _ => throw new RefusedException(RefusalKind.Malformed, name, $"{name} must be a whole number from 1 on."),
    };

    private static async Task<RuleVersion> OneAsync(
        string reference, int version, IRuleRepository rules, CancellationToken cancellationToken) =>
        await rules.FindVersionAsync(reference, version, cancellationToken)
            ?? throw (await HasVersionsAsync(reference, rules, cancellationToken)
                ? new RefusedException(RefusalKind.NotFound, "version", $"Rule '{Reference.Shown(reference)}' has no version {version}")
                : Missing(reference));

    private static async Task<bool> HasVersionsAsync(string reference, IRuleRepository rules, CancellationToken cancellationToken) =>
        (await rules.ListVersionsAsync(reference, new() { Size = 1 }, cancellationToken)).Items.Count > 0;

    private static RefusedException Missing(string reference) =>
        RefusedException.NotFound($"Rule '{Reference.Shown(reference)}' not found");
}
