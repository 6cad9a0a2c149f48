using System.Data;
using System.Data.Common;
using Attune.Db.Faults;
using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>Goes through stored executions, newest first, holding one in memory at a time.</summary>
internal sealed class ExecutionScanner(NpgsqlDataSource database)
{
    // In seconds, for a part of a scan whose filter has no index of its own.
    private const int Timeout = 20;

    // In seconds, for a few rows that are found by an index.
    private const int ShortTimeout = 5;

    /// <summary>Shows the next executions of a list. The connection goes back before this returns.</summary>
    /// <param name="filter">What the list is filtered by, but for its time.</param>
    /// <param name="range">A day or less, which is one chunk of the table.</param>
    /// <param name="after">The last one that has been shown.</param>
    /// <param name="limit">The most to show.</param>
    /// <param name="parts">What of their JSON is read.</param>
    /// <param name="visit">Is shown each.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>Where to go on; null when all of the range has been shown.</returns>
    /// <exception cref="RefusedException">The filter passes so few that finding the next took longer than 20 s.</exception>
    public async Task<Cursor?> ScanAsync(
        ExecutionFilter filter, TimeRange range, Cursor? after, int limit, ExecutionParts parts, Action<ScannedExecution> visit,
        CancellationToken cancellationToken)
    {
        if (!ExecutionQueries.CanMatch(filter))
        {
            return null;
        }

        var (sql, parameters) = ExecutionQueries.Scan(filter, range, after, limit, parts);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var reader = await connection.ExecuteReaderAsync(
                new CommandDefinition(sql, parameters, commandTimeout: Timeout, cancellationToken: cancellationToken),
                CommandBehavior.SequentialAccess);
            var shown = 0;
            Cursor? last = null;
            while (await reader.ReadAsync(cancellationToken))
            {
                var row = Read(reader, parts);
                visit(row);
                last = new(row.Created, row.Id);
                shown++;
            }

            return shown < limit ? null : last;
        }
        catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
        {
            throw RefusedException.Invalid(
                "since", $"Too few executions pass the filter to be found within {Timeout} s: narrow the list by since and until, or by its action.");
        }
    }

    /// <summary>The executions at these places as lists show them, newest first; without those that are no longer there.</summary>
    public async Task<IReadOnlyList<ExecutionSummary>> SummariesAsync(IReadOnlyList<Cursor> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0)
        {
            return [];
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<ExecutionSummary>(new CommandDefinition(
            ExecutionQueries.OfPlaces,
            new
            {
                ids = places.Select(place => place.Id).ToArray(), oldest = places.Min(place => place.At), newest = places.Max(place => place.At),
            },
            commandTimeout: ShortTimeout,
            cancellationToken: cancellationToken))
            .OrRefuseAsync("first", "The executions that were found could not be read in time: ask for fewer at once.")).AsList();
    }

    /// <summary>When the oldest one was made that is still there; null where there is none.</summary>
    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken)
    {
        const string sql = "SELECT created FROM execution ORDER BY created, id LIMIT 1";
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(
            new CommandDefinition(sql, commandTimeout: ShortTimeout, cancellationToken: cancellationToken))
            .OrRefuseAsync("since", "The oldest execution could not be found in time: ask for a range of time, by since.");
    }

    private static ScannedExecution Read(DbDataReader reader, ExecutionParts parts)
    {
        var read = new ScannedExecution
        {
            Id = reader.GetInt64(0),
            Created = Instant(reader, 1),
            Updated = Instant(reader, 2),
            StartedAt = reader.IsDBNull(3) ? null : Instant(reader, 3),
            ActionRef = reader.GetString(4),
            RuleRef = reader.IsDBNull(5) ? null : reader.GetString(5),
            TriggerRef = reader.IsDBNull(6) ? null : reader.GetString(6),
            Status = EnumNames.Find<ExecutionStatus>(reader.GetString(7))!.Value,
            RetryCount = reader.GetInt32(8),
        };
        var column = 9;
        var result = parts.Result ? ReadJson(reader, column++) : null;
        return read with { Result = result, Config = parts.Config ? ReadJson(reader, column) : null };
    }

    private static DateTimeOffset Instant(DbDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    private static byte[]? ReadJson(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
}

/// <summary>What of an execution's JSON is read.</summary>
internal readonly record struct ExecutionParts(bool Result, bool Config);

/// <summary>An execution as a scan shows it.</summary>
internal sealed record ScannedExecution
{
    public required long Id { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public required string ActionRef { get; init; }
    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }
    public required ExecutionStatus Status { get; init; }
    public required int RetryCount { get; init; }

    /// <summary>JSON; null where there is none, or it was not asked for.</summary>
    public byte[]? Result { get; init; }

    /// <summary>As the <see cref="Result"/>.</summary>
    public byte[]? Config { get; init; }
}
