using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Views;

internal sealed class SavedViews(NpgsqlDataSource database) : ISavedViews
{
    /// <summary>The most views of a person, and the most that are shared.</summary>
    public const int Most = 200;

    private const int LongestName = 100;

    // Far from the end of the column: whatever comes after the last one has its place still.
    private const int MostPlace = 1_000_000;
    private const int LongestQuery = 24_000;
    private const int ShortestOwner = 16;
    private const int LongestOwner = 100;
    private const string Columns = "id, name, page, query, owner IS NULL AS shared, place, created, updated";

    public async Task<IReadOnlyList<SavedView>> ListAsync(string? owner, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {Columns}
              FROM saved_view
             WHERE owner IS NULL
                OR owner = @owner
             ORDER BY place, id
            """;

        CheckOwner(owner);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<SavedView>(new CommandDefinition(sql, new { owner }, cancellationToken: cancellationToken))).AsList();
    }

    public async Task<SavedView> CreateAsync(NewSavedView view, CancellationToken cancellationToken)
    {
        const string sql = $"""
            INSERT INTO saved_view (name, page, query, owner, place)
            SELECT @Name, @page, @query, @Owner, coalesce(max(place), 0) + 1
              FROM saved_view
             WHERE owner IS NOT DISTINCT FROM @Owner
            HAVING count(*) < @Most
            RETURNING {Columns}
            """;

        CheckOwner(view.Owner);
        CheckName(view.Name);
        var query = Checked(view.Query);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<SavedView>(new CommandDefinition(
            sql, new { view.Name, page = EnumNames.Of(view.Page), query, view.Owner, Most }, cancellationToken: cancellationToken))
            ?? throw new RefusedException(RefusalKind.Conflict, "name", $"There are {Most} views already: one has to be deleted first.");
    }

    public async Task<SavedView?> ChangeAsync(long id, string? owner, SavedViewChange change, CancellationToken cancellationToken)
    {
        const string sql = $"""
            UPDATE saved_view
               SET name = coalesce(@Name, name),
                   query = coalesce(@query, query),
                   place = coalesce(@Place, place),
                   owner = CASE @Shared WHEN true THEN NULL WHEN false THEN @owner ELSE owner END,
                   updated = now()
             WHERE id = @id
               AND (owner IS NULL OR owner = @owner)
            RETURNING {Columns}
            """;

        CheckOwner(owner);
        if (change.Name is { } name)
        {
            CheckName(name);
        }

        if (change.Place is < 0 or > MostPlace)
        {
            throw RefusedException.Invalid("place", $"place must be from 0 to {MostPlace}.");
        }

        if (change.Shared == false && owner is null)
        {
            throw RefusedException.Invalid("owner", "owner must say whose the view becomes.");
        }

        var query = change.Query is { } given ? Checked(given) : null;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<SavedView>(new CommandDefinition(
            sql, new { id, owner, change.Name, query, change.Place, change.Shared }, cancellationToken: cancellationToken));
    }

    public async Task<bool> DeleteAsync(long id, string? owner, CancellationToken cancellationToken)
    {
        const string sql = "DELETE FROM saved_view WHERE id = @id AND (owner IS NULL OR owner = @owner)";
        CheckOwner(owner);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, new { id, owner }, cancellationToken: cancellationToken)) > 0;
    }

    private static void CheckName(string name) => StorableText.Check(name, "name", LongestName, required: true);

    private static string Checked(string query)
    {
        StorableText.Check(query, "query", LongestQuery, required: false);
        return query.TrimStart('?');
    }

    private static void CheckOwner(string? owner)
    {
        if (owner is not null && (owner.Length is < ShortestOwner or > LongestOwner || !owner.All(char.IsAsciiLetterOrDigit)))
        {
            throw RefusedException.Invalid("owner", $"owner must be {ShortestOwner} to {LongestOwner} letters and digits.");
        }
    }
}
