using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Packs;

/// <summary>Makes packs what is said of them.</summary>
internal static class PackWriter
{
    public const string Columns = "ref, label, description, version, config";

    private const int LongestVersion = 100;

    /// <summary>The pack as it will be stored.</summary>
    /// <exception cref="RefusedException">A value is not acceptable.</exception>
    public static Pack Check(Pack pack)
    {
        Reference.CheckPack(pack.Ref, "ref");
        StorableText.CheckLabel(pack.Label);
        StorableText.CheckDescription(pack.Description);
        StorableText.Check(pack.Version, "version", LongestVersion, required: true);
        var config = JsonValues.Given(pack.Config) ?? JsonElement.Parse("{}");
        if (config.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid("config", "config must be an object.");
        }

        StorableJson.Check(config, "config");
        return pack with { Config = config };
    }

    public static async Task<Applied<Pack>> ApplyAsync(NpgsqlConnection connection, Pack pack, CancellationToken cancellationToken)
    {
        const string findSql = $"""
            SELECT {Columns}
              FROM pack
             WHERE ref = @Ref
               FOR UPDATE
            """;
        const string insertSql = $"""
            INSERT INTO pack (ref, label, description, version, config)
            VALUES (@Ref, @Label, @Description, @Version, @Config)
            RETURNING {Columns}
            """;
        // Asked before, and not by the update: one of no rows would still count the epoch on.
        const string differsSql = """
            SELECT (label, description, version, config) IS DISTINCT FROM (@Label, @Description::text, @Version, @Config::jsonb)
              FROM pack
             WHERE ref = @Ref
            """;
        const string updateSql = $"""
            UPDATE pack
               SET label = @Label,
                   description = @Description,
                   version = @Version,
                   config = @Config
             WHERE ref = @Ref
            RETURNING {Columns}
            """;

        var before = await connection.QuerySingleOrDefaultAsync<Pack>(Command(findSql));
        if (before is not null && !await connection.ExecuteScalarAsync<bool>(Command(differsSql)))
        {
            return new(before, before, HasChanged: false);
        }

        var after = await connection.QuerySingleAsync<Pack>(Command(before is null ? insertSql : updateSql));
        return new(before, after, HasChanged: true);

        CommandDefinition Command(string sql) => new(
            sql, new { pack.Ref, pack.Label, pack.Description, pack.Version, pack.Config }, cancellationToken: cancellationToken);
    }
}
