using Attune.Db;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;

namespace Attune.Web.Layout;

/// <summary>What keeps the ledger: the engine and its version.</summary>
public sealed partial class EngineBadge : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private DatabaseFact? _fact;

    [Inject]
    public required DatabaseFacts Facts { get; init; }

    [Inject]
    public required ILogger<EngineBadge> Logger { get; init; }

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            _fact = await Facts.GetAsync(_leaving.Token);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // A badge is no reason to lose the page: the page itself says when the database cannot be reached.
            Log.Unknown(Logger, error);
        }
    }

    private static string Kind(DatabaseFact fact) => fact.Engine == DatabaseEngine.Timescale ? "TimescaleDB" : "PostgreSQL";

    private static string About(DatabaseFact fact) => fact.Engine == DatabaseEngine.Timescale
        ? $"Engine timescale: TimescaleDB {fact.TimescaleVersion} on PostgreSQL {fact.ServerVersion}"
        : $"Engine native: PostgreSQL {fact.ServerVersion}, range partitions";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database's engine and version could not be read for a page")]
        public static partial void Unknown(ILogger logger, Exception error);
    }
}
