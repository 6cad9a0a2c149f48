using System.Text.Json.Serialization;
using Attune.Db;
using Attune.Db.Changes;
using Attune.Db.Migrations;
using Npgsql;

namespace Attune.Host.Health;

/// <summary>Whether the host can do its work, for those that watch over it.</summary>
internal static class HealthRoutes
{
    /// <param name="routes">Where to map.</param>
    /// <param name="version">What this program says its version is.</param>
    public static void MapHealth(this IEndpointRouteBuilder routes, string version)
    {
        routes.MapGet("/health", () => new HealthStatus("ok"));
        routes.MapGet("/health/live", () => TypedResults.Ok());
        routes.MapGet("/health/ready", async (Readiness readiness, CancellationToken cancellationToken) =>
        {
            var (ready, findings) = await readiness.LookAsync(cancellationToken);
            var status = !ready ? "error" : findings.All(finding => finding.Well) ? "ok" : "warning";
            return Results.Json(
                new ReadyStatus(status, findings), Json.Options,
                statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
        routes.MapGet("/health/detailed", async (Readiness readiness, CancellationToken cancellationToken) =>
            await readiness.FaultAsync(cancellationToken) is { } fault
                ? Results.Json(
                    new HealthStatus("error", version, "disconnected", fault), Json.Options,
                    statusCode: StatusCodes.Status503ServiceUnavailable)
                : Results.Json(new HealthStatus("ok", version, "connected"), Json.Options));
    }
}

internal sealed record HealthStatus(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Version = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Database = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null);

/// <param name="Status">ok; warning where something needs looking into; error where the host cannot do its work.</param>
/// <param name="Findings">What was looked at.</param>
internal sealed record ReadyStatus(string Status, IReadOnlyList<Finding> Findings);

/// <summary>Asks the database, and does not wait long for the answer.</summary>
internal sealed class Readiness(DatabaseFacts facts, Migrator migrator, ChangeHub changes, Diagnosis diagnosis, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private bool _schemaIsCurrent;

    /// <summary>
    /// Ready when the database answers, no script is pending, and changes are heard of. What else was found is told, and makes
    /// nobody take the host out of service: another one would find the same.
    /// </summary>
    public async Task<(bool Ready, IReadOnlyList<Finding> Findings)> LookAsync(CancellationToken cancellationToken)
    {
        if (await FaultAsync(cancellationToken) is { } fault)
        {
            return (false, [new("database", false, fault)]);
        }

        var current = await SchemaIsCurrentAsync(cancellationToken);
        Finding[] own =
        [
            new("database", true, "answers"),
            current ? new("schema", true, "current") : new("schema", false, "scripts are pending: run the verb migrate"),
            changes.Connected
                ? new("listener", true, "changes are heard of")
                : new("listener", false, "the connection of the change feed is down; it is tried again"),
        ];
        return (current && changes.Connected, current ? [.. own, .. await diagnosis.FindAsync(cancellationToken)] : own);
    }

    /// <summary>Why the database cannot be used; null when it can.</summary>
    public async Task<string?> FaultAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await facts.PingAsync(either.Token) ? null : "The database takes no changes: it is read only.";
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return "The database does not answer.";
        }
    }

    // Scripts are never taken back: once it is current, it stays so for this build.
    private async Task<bool> SchemaIsCurrentAsync(CancellationToken cancellationToken) =>
        _schemaIsCurrent = _schemaIsCurrent || (await migrator.PendingAsync(cancellationToken)).Count == 0;
}
