using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Explaining;

internal static class RuleHealthApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/rules/health", ReadAsync).WithName("GetRuleHealth").WithTags("Rules").WithSummary(
            "Rules that never matched, stopped matching, match too often, do the same as others, or fail");

    private static async Task<Envelope<RuleHealthReport>> ReadAsync(IRuleHealth health, CancellationToken cancellationToken) =>
        new(await health.ReadAsync(cancellationToken));
}
