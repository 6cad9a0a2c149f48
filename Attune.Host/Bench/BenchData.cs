namespace Attune.Host.Bench;

/// <summary>Ninety days of rows: events, and a tenth as many enforcements and executions.</summary>
internal static class BenchData
{
    public const int Days = 90;

    /// <summary>A trigger of one row in a hundred thousand: the filter that finds little.</summary>
    public const string RareTrigger = "bench.rare";

    public static async Task FillAsync(BenchDatabase database, long rows, Action<string> report, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("CALL ensure_partitions('event', now() - INTERVAL '91 days', now())", null, cancellationToken);
        await database.ExecuteAsync("CALL ensure_partitions('enforcement', now() - INTERVAL '91 days', now())", null, cancellationToken);
        await database.ExecuteAsync("CALL ensure_partitions('execution', now() - INTERVAL '91 days', now())", null, cancellationToken);

        var perDay = rows / Days;
        for (var day = Days; day > 0; day--)
        {
            // A day a transaction: what a transaction notifies is kept in memory until its end.
            await database.ExecuteAsync(Events, new { perDay, day, RareTrigger }, cancellationToken);
            await database.ExecuteAsync(Enforcements, new { perDay = perDay / 10, day }, cancellationToken);
            await database.ExecuteAsync(Executions, new { perDay = perDay / 10, day }, cancellationToken);
            if (day % 10 == 0)
            {
                report($"{(Days - day) * perDay:N0} of {rows:N0} rows");
            }
        }

        report("counting the hours, and analysing");
        await database.Get<Db.Maintenance.TimeTables>().MaintainAsync(cancellationToken);
        await database.ExecuteAsync("VACUUM (ANALYZE)", null, cancellationToken);
    }

    // Nineteen triggers of unequal weight and a rare one; every eighth event has a source, every twentieth is meant for a rule.
    private const string Events = """
        INSERT INTO event (trigger, trigger_ref, payload, source_ref, rule, rule_ref, created)
        SELECT 1,
               CASE WHEN n % 100000 = 77777 THEN @RareTrigger ELSE 'bench.trigger_' || floor(sqrt(random()) * 19) END,
               jsonb_build_object('kind', 'order', 'number', n, 'note', repeat('x', 60), 'price', round((random() * 1000)::numeric, 2)),
               CASE WHEN n % 8 = 0 THEN 'bench.source_' || n % 5 END,
               CASE WHEN n % 20 = 0 THEN 1 END,
               CASE WHEN n % 20 = 0 THEN 'bench.rule_' || n % 7 END,
               now() - @day * INTERVAL '1 day' + n * (INTERVAL '1 day' / @perDay)
          FROM generate_series(0, @perDay - 1) AS n
         ORDER BY n
        """;

    private const string Enforcements = """
        INSERT INTO enforcement (rule, rule_ref, rule_version, trigger_ref, config, event, status, payload, created, resolved_at)
        SELECT n % 30, 'bench.rule_' || n % 30, 1, 'bench.trigger_' || n % 19, '{"number": 1}', n,
               (CASE WHEN n % 1000 = 500 THEN 'disabled' ELSE 'processed' END)::enforcement_status_enum, '{"kind": "order"}', at, at
          FROM (SELECT n, now() - @day * INTERVAL '1 day' + n * (INTERVAL '1 day' / @perDay) AS at
                  FROM generate_series(0, @perDay - 1) AS n) AS row
         ORDER BY n
        """;

    private const string Executions = """
        INSERT INTO execution (action_ref, config, enforcement, rule_ref, trigger_ref, status, result, started_at, created, updated)
        SELECT 'bench.action_' || n % 12, '{"number": 1}', n, 'bench.rule_' || n % 30, 'bench.trigger_' || n % 19,
               (CASE WHEN n % 1000 = 500 THEN 'failed' ELSE 'completed' END)::execution_status_enum, '{"succeeded": true}', at, at, at
          FROM (SELECT n, now() - @day * INTERVAL '1 day' + n * (INTERVAL '1 day' / @perDay) AS at
                  FROM generate_series(0, @perDay - 1) AS n) AS row
         ORDER BY n
        """;
}
