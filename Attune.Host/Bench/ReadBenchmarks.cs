using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Modules.History;
using Dapper;

namespace Attune.Host.Bench;

/// <summary>How quickly what is stored is found again.</summary>
internal sealed class ReadBenchmarks(BenchDatabase database)
{
    private const int Looks = 200;

    /// <summary>A row by its bare id, beside the same query given the partition key.</summary>
    public async Task<Measurement> DetailAsync(CancellationToken cancellationToken)
    {
        const string given = """
            SELECT id, trigger, trigger_ref, config, payload, source, source_ref, rule, rule_ref, created
              FROM event
             WHERE id = @Id
               AND created = @Created
            """;

        var events = database.Get<IEventRepository>();
        var keys = await KeysAsync(cancellationToken);
        var ours = new List<double>();
        var reference = new List<double>();

        // In turns, over the same rows in another order, so that neither reads what the other has just warmed.
        for (var round = 0; round < 3; round++)
        {
            ours.Add(await Timing.MedianAsync(Looks, turn => events.FindAsync(keys[turn].Id, cancellationToken)));
            reference.Add(await Timing.MedianAsync(Looks, async turn =>
            {
                await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
                await connection.QuerySingleOrDefaultAsync<Event>(new CommandDefinition(
                    given, keys[^(turn + 1)], cancellationToken: cancellationToken));
            }));
        }

        var ratio = Timing.Median(ours) / Timing.Median(reference);
        return new()
        {
            Name = "detail by bare id",
            Figure = Timing.Milliseconds(Timing.Median(ours)),
            Reference = Timing.Milliseconds(Timing.Median(reference)),
            Ratio = ratio,
            Budget = "at most 1.5 ×",
            Met = ratio <= 1.5,
        };
    }

    /// <summary>The slowest list page of any filter and depth, beside the first page without a filter.</summary>
    public async Task<Measurement> ListAsync(Action<string> report, CancellationToken cancellationToken)
    {
        var first = await Timing.MedianAsync(Looks, _ => database.Get<IEventRepository>().ListAsync(new(), new(), cancellationToken));
        var (slowest, name) = (0.0, "");
        foreach (var (filter, read) in ReadPages(cancellationToken))
        {
            foreach (var age in (int[])[0, 1, 45, 85])
            {
                var after = age == 0 ? (Cursor?)null : new Cursor(DateTimeOffset.UtcNow.AddDays(-age), long.MaxValue);
                var taken = await Timing.MedianAsync(15, _ => read(new PageRequest { After = after }));
                if (taken > slowest)
                {
                    (slowest, name) = (taken, $"{filter}, {age} days back");
                }
            }
        }

        report($"slowest list: {name}");
        return new()
        {
            Name = "list page, any filter and depth",
            Figure = Timing.Milliseconds(slowest),
            Reference = Timing.Milliseconds(first),
            Ratio = slowest / first,
            Budget = "at most 3 ×, under 10 ms",
            Met = slowest / first <= 3 && slowest < 10,
        };
    }

    /// <summary>The hourly volumes of a week, beside a GROUP BY over the rows.</summary>
    public async Task<Measurement> VolumesAsync(CancellationToken cancellationToken)
    {
        const string grouped = """
            SELECT date_trunc('hour', created) AS bucket, count(*)
              FROM event
             WHERE created >= @since
               AND created < @until
             GROUP BY 1
             ORDER BY 1
            """;

        var volumes = database.Get<IVolumeRepository>();
        var until = DateTimeOffset.UtcNow;
        var since = until.AddDays(-7);
        var ours = await Timing.MedianAsync(30, _ => volumes.ReadAsync(VolumeSeries.Events, since, until, cancellationToken));
        var reference = await Timing.MedianAsync(5, async _ =>
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
            (await connection.QueryAsync<(DateTime, long)>(new CommandDefinition(
                grouped, new { since, until }, cancellationToken: cancellationToken))).AsList();
        });
        return new()
        {
            Name = "hourly volumes of 7 days",
            Figure = Timing.Milliseconds(ours),
            Reference = Timing.Milliseconds(reference),
            Ratio = reference / ours,
            Budget = "at least 50 × faster",
            Met = reference / ours >= 50,
        };
    }

    private IEnumerable<(string Filter, Func<PageRequest, Task> Read)> ReadPages(CancellationToken cancellationToken)
    {
        var weekOld = DateTimeOffset.UtcNow.AddDays(-7);
        EventFilter[] events =
        [
            new(),
            new() { TriggerRef = "bench.trigger_18" },
            new() { TriggerRef = BenchData.RareTrigger },
            new() { TriggerRef = "bench.none" },
            new() { RuleRef = "bench.rule_0" },
            new() { SourceRef = "bench.source_0" },
            new() { TriggerRef = "bench.trigger_3", Until = weekOld },
            new() { Since = weekOld.AddDays(-30), Until = weekOld },
        ];
        EnforcementFilter[] enforcements =
        [
            new(),
            new() { RuleRef = "bench.rule_7" },
            new() { TriggerRef = "bench.trigger_3" },
            new() { Statuses = [EnforcementStatus.Created] },
            new() { Statuses = [EnforcementStatus.Disabled] },
            new() { Statuses = [EnforcementStatus.Processed] },
            new() { Event = 1 },
        ];
        ExecutionFilter[] executions =
        [
            new(),
            new() { Statuses = [ExecutionStatus.Failed] },
            new() { Statuses = [ExecutionStatus.Completed] },
            new() { Statuses = [ExecutionStatus.Requested, ExecutionStatus.Scheduled, ExecutionStatus.Running] },
            new() { ActionRef = "bench.action_3" },
            new() { RuleRef = "bench.rule_7" },
            new() { TriggerRef = "bench.trigger_3" },
            new() { Enforcement = 1 },
        ];
        return events.Select(filter => ($"{filter}", (Func<PageRequest, Task>)(page =>
                database.Get<IEventRepository>().ListAsync(filter, page, cancellationToken))))
            .Concat(enforcements.Select(filter => ($"{filter} [{string.Join(',', filter.Statuses)}]", (Func<PageRequest, Task>)(page =>
                database.Get<IEnforcementRepository>().ListAsync(filter, page, cancellationToken)))))
            .Concat(executions.Select(filter => ($"{filter} [{string.Join(',', filter.Statuses)}]", (Func<PageRequest, Task>)(page =>
                database.Get<IExecutionRepository>().ListAsync(filter, page, cancellationToken)))));
    }

    private async Task<Key[]> KeysAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, created
              FROM event
             WHERE id = ANY (ARRAY(SELECT (random() * (SELECT max(id) FROM event))::bigint FROM generate_series(1, 600)))
             LIMIT 250
            """;

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var keys = (await connection.QueryAsync<Key>(new CommandDefinition(
            sql, commandTimeout: 0, cancellationToken: cancellationToken))).ToArray();
        new Random(1).Shuffle(keys);
        return keys;
    }

    private sealed record Key
    {
        public required long Id { get; init; }
        public required DateTimeOffset Created { get; init; }
    }
}
