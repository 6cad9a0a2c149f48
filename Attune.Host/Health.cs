using System.Text.Json.Serialization;
using Attune.Db;
using Attune.Db.Changes;
using Attune.Db.Migrations;
using Attune.Host.Verbs;
using Npgsql;

namespace Attune.Host;

/// <summary>Whether the host can do its work, for those that watch over it.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", () => new HealthStatus("ok"));
        routes.MapGet("/health/live", () => TypedResults.Ok());
        routes.MapGet("/health/ready", async (Readiness readiness, CancellationToken cancellationToken) =>
            TypedResults.StatusCode(await readiness.IsReadyAsync(cancellationToken)
                ? StatusCodes.Status200OK
                : StatusCodes.Status503ServiceUnavailable));
        routes.MapGet("/health/detailed", async (Readiness readiness, CancellationToken cancellationToken) =>
            await readiness.FaultAsync(cancellationToken) is { } fault
                ? Results.Json(
                    new HealthStatus("error", CommandLine.Version, "disconnected", fault), Json.Options,
                    statusCode: StatusCodes.Status503ServiceUnavailable)
                : Results.Json(new HealthStatus("ok", CommandLine.Version, "connected"), Json.Options));
    }
}

internal sealed record HealthStatus(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Version = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Database = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null);

/// <summary>Asks the database, and does not wait long for the answer.</summary>
internal sealed class Readiness(DatabaseFacts facts, Migrator migrator, ChangeHub changes, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private bool _schemaIsCurrent;

    /// <summary>The database answers, no script is pending, and changes are heard of.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        changes.Connected && await FaultAsync(cancellationToken) is null && await SchemaIsCurrentAsync(cancellationToken);

    /// <summary>Why the database cannot be used; null when it can.</summary>
    public async Task<string?> FaultAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await facts.PingAsync(either.Token);
            return null;
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
