using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>The texts that a rule has had. They outlive it, so a reference without any is the one that is not found.</summary>
internal static class RuleVersionsApi
{
    public static async Task<Envelope<IReadOnlyList<RuleVersion>>> ListAsync(
        [FromRoute(Name = "ref")] string reference, IRuleRepository rules, CancellationToken cancellationToken) =>
        new(await VersionsAsync(reference, rules, cancellationToken));

    public static async Task<Envelope<RuleVersion>> FindAsync(
        [FromRoute(Name = "ref")] string reference, int version, IRuleRepository rules, CancellationToken cancellationToken) =>
        new(await OneAsync(await VersionsAsync(reference, rules, cancellationToken), version, rules, cancellationToken));

    /// <summary>What a version changed: of the one before it, or of the one that <c>against</c> names.</summary>
    public static async Task<Envelope<RuleVersionDifference>> CompareAsync(
        [FromRoute(Name = "ref")] string reference, int version, HttpRequest request, IRuleRepository rules, CancellationToken cancellationToken)
    {
        var against = Version(request, "against");
        var known = await VersionsAsync(reference, rules, cancellationToken);
        var to = await OneAsync(known, version, rules, cancellationToken);
        var from = (against ?? version - 1) is >= 1 and var earlier ? await OneAsync(known, earlier, rules, cancellationToken) : null;
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

    private static async Task<IReadOnlyList<RuleVersion>> VersionsAsync(
        string reference, IRuleRepository rules, CancellationToken cancellationToken) =>
        await rules.VersionsAsync(reference, cancellationToken) is { Count: > 0 } versions
            ? versions
            : throw RefusedException.NotFound($"Rule '{Reference.Shown(reference)}' not found");

    // Of the rules that have had the reference, the last one counts.
    private static async Task<RuleVersion> OneAsync(
        IReadOnlyList<RuleVersion> known, int version, IRuleRepository rules, CancellationToken cancellationToken) =>
        await rules.FindVersionAsync(known[0].Rule, version, cancellationToken)
            ?? throw new RefusedException(RefusalKind.NotFound, "version", $"Rule '{known[0].RuleRef}' has no version {version}");
}
