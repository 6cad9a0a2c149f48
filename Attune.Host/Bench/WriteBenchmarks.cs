using System.Diagnostics;
using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using NpgsqlTypes;

namespace Attune.Host.Bench;

/// <summary>How quickly events are written, and how quickly what they lead to is.</summary>
internal sealed class WriteBenchmarks(BenchDatabase database)
{
    private const string Quiet = "bench.quiet";
    private const string Ruled = "bench.ruled";
    private const int BatchSize = 5_000;
    private const int Callers = 64;

    private readonly IEventLedger _ledger = database.Get<IEventLedger>();
    private readonly JsonElement[] _payloads = [.. Enumerable.Range(0, 1_000).Select(Payload)];

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var triggers = database.Get<ITriggerRepository>();
        await triggers.CreateAsync(new NewTrigger { Ref = Quiet, Label = "No rules" }, cancellationToken);
        await triggers.CreateAsync(new NewTrigger { Ref = Ruled, Label = "One rule" }, cancellationToken);

        // An action that no worker here knows: executions are requested, and stay so.
        await database.ExecuteAsync(
            "INSERT INTO action (ref, pack_ref, label) VALUES ('bench.elsewhere', 'bench', 'Run elsewhere')", null, cancellationToken);
        await database.Get<IRuleRepository>().CreateAsync(new NewRule
        {
            Ref = "bench.every_order",
            Label = "Every order",
            TriggerRef = Ruled,
            ActionRef = "bench.elsewhere",
            Conditions = JsonElement.Parse("""[{"field": "kind", "operator": "equals", "value": "order"}]"""),
            ActionParams = JsonElement.Parse("""{"number": "{{ event.payload.number }}"}"""),
        }, cancellationToken);
    }

    public async Task<Measurement> BatchAsync(int rows, CancellationToken cancellationToken)
    {
        await AppendAsync(Quiet, BatchSize, cancellationToken);
        await CopyAsync(Quiet, BatchSize, cancellationToken);

        var (ours, reference) = await AlternateAsync(
            () => AppendAsync(Quiet, rows, cancellationToken), () => CopyAsync(Quiet, rows, cancellationToken), rounds: 3);
        return Rates("batch append, no rules", rows / ours, rows / reference, 0.75);
    }

    public async Task<Measurement> CallersAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var payload = Payload(1);
        var one = new NewEvent { TriggerRef = Quiet, Payload = payload };
        var text = payload.GetRawText();

        var ours = new List<double>();
        var reference = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            ours.Add(await RateAsync(duration, () => _ledger.AppendAsync(one, cancellationToken)));
            reference.Add(await RateAsync(duration, () => InsertAsync(text, cancellationToken)));
        }

        return Rates($"{Callers} callers, single durable events", Timing.Median(ours), Timing.Median(reference), 8);
    }

    public async Task<Measurement> PipelineAsync(int rows, CancellationToken cancellationToken)
    {
        await using var running = await database.StartResolverAsync(cancellationToken);
        await PipelineOnceAsync(BatchSize, cancellationToken);
        await CopyAsync(Quiet, BatchSize, cancellationToken);

        var (ours, reference) = await AlternateAsync(
            () => PipelineOnceAsync(rows, cancellationToken), () => CopyAsync(Quiet, rows, cancellationToken), rounds: 3);
        return Rates("event to execution requested, one rule", rows / ours, rows / reference, 0.09);
    }

    private static Measurement Rates(string name, double ours, double reference, double atLeast) => new()
    {
        Name = name,
        Figure = Timing.PerSecond(ours),
        Reference = Timing.PerSecond(reference),
        Ratio = ours / reference,
        Budget = $"at least {atLeast} ×",
        Met = ours / reference >= atLeast,
    };

    // Seconds, the median of the rounds; taken in turns so that both meet the same machine.
    private static async Task<(double Ours, double Reference)> AlternateAsync(Func<Task> ours, Func<Task> reference, int rounds)
    {
        var first = new List<double>();
        var second = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            first.Add(await Timing.MillisecondsAsync(ours) / 1000);
            second.Add(await Timing.MillisecondsAsync(reference) / 1000);
        }

        return (Timing.Median(first), Timing.Median(second));
    }

    private static async Task<double> RateAsync(TimeSpan duration, Func<Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        long done = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                await call();
                Interlocked.Increment(ref done);
            }
        })));
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static JsonElement Payload(int number) => JsonElement.Parse($$"""
        {"kind": "order", "number": {{number}}, "customer": {"name": "Ada Lovelace", "email": "ada@example.org", "tier": "gold"},
         "lines": [{"sku": "A-1001", "quantity": 2, "price": 19.90}, {"sku": "B-2002", "quantity": 1, "price": 5.25}],
         "note": "Leave it with the neighbour, please", "placed_at": "2026-01-31T12:00:00Z"}
        """);

    private async Task AppendAsync(string trigger, int rows, CancellationToken cancellationToken)
    {
        for (var done = 0; done < rows; done += BatchSize)
        {
            var batch = new NewEvent[Math.Min(BatchSize, rows - done)];
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = new NewEvent { TriggerRef = trigger, Payload = _payloads[(done + i) % _payloads.Length] };
            }

            await _ledger.AppendAsync(batch, cancellationToken);
        }
    }

    private async Task PipelineOnceAsync(int rows, CancellationToken cancellationToken)
    {
        await AppendAsync(Ruled, rows, cancellationToken);
        while (await database.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM enforcement WHERE status = 'created' AND created >= now() - INTERVAL '1 hour')",
            null, cancellationToken))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellationToken);
        }
    }

    private async Task CopyAsync(string trigger, int rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY event (trigger_ref, payload) FROM STDIN (FORMAT binary)", cancellationToken);
        for (var row = 0; row < rows; row++)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(trigger, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(_payloads[row % _payloads.Length].GetRawText(), NpgsqlDbType.Jsonb, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private async Task InsertAsync(string payload, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO event (trigger_ref, payload) VALUES ($1, $2)";
        command.Parameters.AddWithValue(Quiet);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, payload);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
