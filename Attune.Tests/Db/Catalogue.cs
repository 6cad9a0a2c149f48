using Dapper;
using Npgsql;

namespace Attune.Tests.Db;

/// <summary>What a database has become, one line a thing: without partitions and chunks, which come and go.</summary>
internal static class Catalogue
{
    /// <summary>Tables that are no partition of another.</summary>
    public const string Parents = """
        SELECT pg_class.oid, pg_class.relname
          FROM pg_class
         WHERE pg_class.relnamespace = 'attune'::regnamespace
           AND pg_class.relkind IN ('r', 'p')
           AND NOT pg_class.relispartition
        """;

    public static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        const string sql = $"""
            WITH parent AS ({Parents})
            SELECT 'column ' || parent.relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
                   || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
                   || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '') || CASE attidentity WHEN '' THEN '' ELSE ' IDENTITY' END
              FROM parent
              JOIN pg_attribute ON attrelid = parent.oid AND attnum > 0 AND NOT attisdropped
              LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
             UNION ALL
            SELECT 'index ' || parent.relname || ': ' || replace(pg_get_indexdef(indexrelid), ' ONLY ', ' ')
              FROM parent
              JOIN pg_index ON indrelid = parent.oid
             UNION ALL
            SELECT 'constraint ' || parent.relname || '.' || conname || ' ' || pg_get_constraintdef(pg_constraint.oid)
              FROM parent
              JOIN pg_constraint ON conrelid = parent.oid
             UNION ALL
            SELECT 'trigger ' || parent.relname || ': ' || pg_get_triggerdef(pg_trigger.oid)
              FROM parent
              JOIN pg_trigger ON tgrelid = parent.oid AND NOT tgisinternal AND tgname NOT LIKE 'ts\_%'
             UNION ALL
            SELECT 'view ' || pg_class.relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
              FROM pg_class
              JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
             WHERE pg_class.relnamespace = 'attune'::regnamespace
               AND pg_class.relkind = 'v'
             UNION ALL
            SELECT CASE prokind WHEN 'p' THEN 'procedure ' ELSE 'function ' END || proname
                   || '(' || pg_get_function_identity_arguments(pg_proc.oid) || ')'
                   || coalesce(' RETURNS ' || pg_get_function_result(pg_proc.oid), '')
              FROM pg_proc
             WHERE pronamespace = 'attune'::regnamespace
             UNION ALL
            SELECT 'sequence ' || relname FROM pg_class WHERE relnamespace = 'attune'::regnamespace AND relkind = 'S'
             UNION ALL
            SELECT 'type ' || typname || ' ' || string_agg(enumlabel, ', ' ORDER BY enumsortorder)
              FROM pg_type
              JOIN pg_enum ON enumtypid = pg_type.oid
             WHERE typnamespace = 'attune'::regnamespace
             GROUP BY typname
             UNION ALL
            SELECT 'comment on ' || CASE relkind WHEN 'v' THEN 'view' ELSE 'index' END || ' ' || relname || ': ' || description
              FROM pg_description
              JOIN pg_class ON pg_class.oid = objoid AND classoid = 'pg_class'::regclass AND objsubid = 0
             WHERE relnamespace = 'attune'::regnamespace
               AND relkind IN ('v', 'i', 'I')
               AND NOT relispartition
             ORDER BY 1
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var lines = await connection.QueryAsync<string>(new CommandDefinition(sql, cancellationToken: cancellationToken));
        return lines.AsList();
    }
}
