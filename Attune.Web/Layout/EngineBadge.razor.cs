using Attune.Db;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;

namespace Attune.Web.Layout;

/// <summary>What keeps the ledger: the engine and its version.</summary>
public sealed partial class EngineBadge
{
    private DatabaseFact? _fact;

    [Inject]
    public required DatabaseFacts Database { get; init; }

    [Inject]
    public required ILogger<EngineBadge> Logger { get; init; }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _fact = await Database.GetAsync(Leaving);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A badge is no reason to lose the page: the page itself says when the database cannot be reached.
            Log.Unknown(Logger, error);
        }
    }

    private static string Kind(DatabaseFact fact) => fact.Engine == DatabaseEngine.Timescale ? "TimescaleDB" : "PostgreSQL";

    private static string Version(DatabaseFact fact) =>
        fact is { Engine: DatabaseEngine.Timescale, TimescaleVersion: { } timescale } ? timescale : fact.ServerVersion;

    private static string About(DatabaseFact fact) => fact.Engine == DatabaseEngine.Timescale
        ? $"Engine timescale: TimescaleDB {fact.TimescaleVersion} on PostgreSQL {fact.ServerVersion}"
        : $"Engine native: PostgreSQL {fact.ServerVersion}, range partitions";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database's engine and version could not be read for a page")]
        public static partial void Unknown(ILogger logger, Exception error);
    }
}
