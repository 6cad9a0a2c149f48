using System.Globalization;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Pins;

internal sealed class PinnedEvents(NpgsqlDataSource database, IEventRepository events, PinCopies copies) : IPinnedEvents
{
    private const long LockKey = 0x70696e; // One at a time, or more would be pinned than may be.

    private const string Columns =
        "event, event_created, trigger_ref, note, pinned_at, copied_at, is_complete, next_copy_at, problem, bytes";

    public async Task<Page<PinnedEventSummary>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var sql = $"""
            SELECT {Columns}
              FROM pinned_event
             {(page.After is null ? "" : "WHERE (pinned_at, event) < (@At, @Id)")}
             ORDER BY pinned_at DESC, event DESC
             {page.Limit(page.Size + 1)}
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<PinnedEventSummary>(new CommandDefinition(
            sql, new { page.After?.At, page.After?.Id }, cancellationToken: cancellationToken))).AsList();
        Total? total = page.IncludeTotal ? Total.Of((await TotalsAsync(cancellationToken)).Count) : null;
        return Page.From(rows, page.Size, row => new Cursor(row.PinnedAt, row.Event), total);
    }

    public async Task<PinTotals> TotalsAsync(CancellationToken cancellationToken)
    {
        const string sql = "SELECT count(*), coalesce(sum(bytes), 0) FROM pinned_event";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (count, bytes) = await connection.QuerySingleAsync<(long, long)>(new CommandDefinition(sql, cancellationToken: cancellationToken));
        return new(count, bytes);
    }

    public async Task<PinnedEventSummary?> FindAsync(long id, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {Columns}
              FROM pinned_event
             WHERE event = @id
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<PinnedEventSummary>(
            new CommandDefinition(sql, new { id }, cancellationToken: cancellationToken));
    }

    public async Task<PinnedEvent?> ReadAsync(long id, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT bundle, {Columns}
              FROM pinned_event
             WHERE event = @id
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition(sql, new { id }, cancellationToken: cancellationToken));
        return await reader.ReadAsync(cancellationToken)
            ? new() { Pin = reader.GetRowParser<PinnedEventSummary>()(reader), Bundle = JsonElement.Parse(reader.GetString(0), Json.DocumentOptions) }
            : null;
    }

    public async Task<MadePin?> PinAsync(long id, string? note, CancellationToken cancellationToken)
    {
        note = string.IsNullOrWhiteSpace(note) ? null : note.Trim();
        StorableText.Check(note, "note", IPinnedEvents.LongestNote, required: false);
        if (await events.FindAsync(id, cancellationToken) is not { } found)
        {
            return await RenameAsync(id, note, cancellationToken) is { } kept ? new(kept, IsNew: false) : null;
        }

        // Whoever pins one too many is told before the copy is made; whoever was quicker meanwhile, afterwards.
        var earlier = await FindAsync(id, cancellationToken);
        if (earlier is null)
        {
            CheckCount((await TotalsAsync(cancellationToken)).Count);
        }

        // Where rows may be going already, the copy that is kept has more than another one would.
        var copy = await copies.TakeAsync(found, cancellationToken);
        return earlier is not null && !copy.IsInTime && await RenameAsync(id, note, cancellationToken) is { } named
            ? new(named, IsNew: false)
            : await StoreAsync(found, note, copy, cancellationToken);
    }

    public async Task<bool> UnpinAsync(long id, CancellationToken cancellationToken)
    {
        const string sql = "DELETE FROM pinned_event WHERE event = @id";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, new { id }, cancellationToken: cancellationToken)) > 0;
    }

    private async Task<MadePin?> StoreAsync(Event found, string? note, PinCopy copy, CancellationToken cancellationToken)
    {
        const string state = """
            SELECT count(*), coalesce(bool_or(event = @Id), false)
              FROM pinned_event
            """;
        const string sql = $"""
            INSERT INTO pinned_event (event, event_created, trigger_ref, note, bundle, bytes, is_complete, copied_at, next_copy_at)
            VALUES (@Id, @Created, @TriggerRef, @note, @Text::json, @Bytes, @IsComplete, @Began, @Next)
            ON CONFLICT (event) DO UPDATE
               SET note = @note, bundle = EXCLUDED.bundle, bytes = @Bytes, is_complete = @IsComplete, copied_at = @Began,
                   next_copy_at = @Next, problem = NULL
            RETURNING {Columns}
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT pg_advisory_xact_lock(@LockKey)", new { LockKey }, transaction, cancellationToken: cancellationToken));
        var (count, isPinned) = await connection.QuerySingleAsync<(long, bool)>(new CommandDefinition(
            state, new { found.Id }, transaction, cancellationToken: cancellationToken));
        if (!isPinned)
        {
            CheckCount(count);
        }

        var pin = await connection.QuerySingleAsync<PinnedEventSummary>(new CommandDefinition(sql, new
        {
            found.Id, found.Created, found.TriggerRef, note, copy.Text, copy.Bytes, copy.IsComplete, copy.Began, copy.Next,
        }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return new(pin, !isPinned);
    }

    // Its rows are gone, and what is kept is all there is.
    private async Task<PinnedEventSummary?> RenameAsync(long id, string? note, CancellationToken cancellationToken)
    {
        const string sql = $"""
            UPDATE pinned_event
               SET note = @note
             WHERE event = @id
            RETURNING {Columns}
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<PinnedEventSummary>(
            new CommandDefinition(sql, new { id, note }, cancellationToken: cancellationToken));
    }

    private static void CheckCount(long count)
    {
        if (count >= IPinnedEvents.Most)
        {
            throw new RefusedException(RefusalKind.Conflict, null, string.Create(
                CultureInfo.InvariantCulture, $"{IPinnedEvents.Most:N0} events are pinned already: one has to be unpinned first."));
        }
    }
}
