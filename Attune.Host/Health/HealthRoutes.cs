using System.Text.Json.Serialization;
using Attune.Db;
using Attune.Web.Pages.Home;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Attune.Host.Health;

/// <summary>Whether the host can do its work, for those that watch over it.</summary>
internal static class HealthRoutes
{
    public static IServiceCollection AddHealth(this IServiceCollection services) =>
        services.AddSingleton<Inspection>().AddSingleton<IHealthReports, PageHealth>();

    /// <param name="routes">Where to map.</param>
    /// <param name="version">What this program says its version is.</param>
    public static void MapHealth(this IEndpointRouteBuilder routes, string version)
    {
        routes.MapGet("/health", () => new HealthBody("ok"));
        routes.MapGet("/health/live", () => TypedResults.Ok());
        routes.MapGet("/health/ready", async (Inspection inspection, CancellationToken cancellationToken) =>
        {
            var report = await inspection.LookAsync(cancellationToken);
            var isReady = report.Entries.Values.All(
                entry => entry.Status != HealthStatus.Unhealthy || !entry.Tags.Contains(HealthChecks.Ready));
            var status = !isReady ? "error" : report.Status == HealthStatus.Healthy ? "ok" : "warning";
            return Answer(isReady, new ReadyBody(status, [.. report.Entries.Select(Finding.Of)]));
        });
        routes.MapGet("/health/detailed", async (Inspection inspection, CancellationToken cancellationToken) =>
            await inspection.ConnectionAsync(cancellationToken) is { Status: not HealthStatus.Healthy } fault
                ? Answer(isReady: false, new HealthBody("error", version, "disconnected", fault.Description))
                : Answer(isReady: true, new HealthBody("ok", version, "connected")));
    }

    private static IResult Answer<TBody>(bool isReady, TBody body) => Results.Json(
        body, Json.Options, statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}

internal sealed record HealthBody(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Version = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Database = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null);

/// <param name="Status">ok; warning where something needs looking into; error where the host cannot do its work.</param>
/// <param name="Findings">What was looked at.</param>
internal sealed record ReadyBody(string Status, IReadOnlyList<Finding> Findings);

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What was looked at, for programs.</param>
/// <param name="Well">False where somebody should look into it.</param>
/// <param name="Text">What was found, and where it is not well, what to do.</param>
internal sealed record Finding(string Name, bool Well, string Text)
{
    public static Finding Of(KeyValuePair<string, HealthReportEntry> check) =>
        new(check.Key, check.Value.Status == HealthStatus.Healthy, check.Value.Description ?? "");
}
