using Attune.Db;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Actions.Emitting;

/// <summary>Tells how many emitted events in a row led to an enforcement.</summary>
internal sealed class EventDepth(NpgsqlDataSource database, IdRanges ids)
{
    /// <summary>The source of emitted events.</summary>
    public const string SourceRef = "core.emit_event";

    /// <summary>The member of their config that counts them.</summary>
    public const string Member = "depth";

    /// <summary>How many there are behind an enforcement; 0 where none is known, as for an execution that somebody asked for.</summary>
    public async Task<int> BehindAsync(long? enforcement, CancellationToken cancellationToken)
    {
        // An enforcement has its event's created. Anybody may post an event of that source, with any config: what it says must be a number.
        const string sql = """
            SELECT CASE WHEN event.source_ref = @SourceRef AND jsonb_typeof(event.config -> @Member) = 'number'
                        THEN least(greatest((event.config ->> @Member)::numeric, 0), 1000000)::integer
                        ELSE 0
                   END AS depth
              FROM enforcement
              JOIN event ON event.id = enforcement.event AND event.created = enforcement.created
             WHERE enforcement.id = @id
               AND enforcement.created >= @Since
               AND enforcement.created < @Until
               AND event.created >= @Since
               AND event.created < @Until
            """;

        return enforcement is not { } id ? 0 : (await ids.FindAsync(IdTable.Enforcement, id, async (range, token) =>
        {
            await using var connection = await database.OpenConnectionAsync(token);
            return await connection.QuerySingleOrDefaultAsync<Found>(new CommandDefinition(
                sql, new { id, SourceRef, Member, range.Since, range.Until }, cancellationToken: token));
        }, cancellationToken))?.Depth ?? 0;
    }

    private sealed record Found
    {
        public required int Depth { get; init; }
    }
}
