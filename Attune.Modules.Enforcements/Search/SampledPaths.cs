using System.Runtime.InteropServices;
using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Search;

internal sealed class SampledPaths(
    IEventScanner events, ExecutionScanner executions, IParameterSecrets secrets, TimeProvider clock) : ISampledPaths
{
    private const int MostRows = 200;
    private const int PartRows = 50;

    // Whole executions are held while it is asked what of them is secret.
    private const int PartExecutions = 20;
    private const long MostBytes = 4_000_000;
    private const int MostDays = 8;
    private const int MostPaths = 2_000;
    private const int MostExamples = 10;
    private const int LongestExample = 120;

    public Task<IReadOnlyList<SampledPath>> OfEventsAsync(EventFilter filter, CancellationToken cancellationToken) =>
        SampleAsync(filter.Since, filter.Until, (range, after, visit, token) => events.ScanNewestAsync(
            new() { Filter = filter, Range = range, After = after, Limit = PartRows },
            (_, found) => visit(found?.Payload), token), cancellationToken);

    public Task<IReadOnlyList<SampledPath>> OfExecutionsAsync(ExecutionFilter filter, CancellationToken cancellationToken)
    {
        var document = new ExecutionDocument([]);
        var known = new Dictionary<string, ParameterSecrets>(StringComparer.Ordinal);
        return SampleAsync(filter.Since, filter.Until, async (range, after, visit, token) =>
        {
            var rows = new List<ScannedExecution>();
            var next = await executions.ScanAsync(filter, range, after, PartExecutions, document.Parts, rows.Add, token);
            foreach (var row in rows)
            {
                if (!known.TryGetValue(row.ActionRef, out var secret))
                {
                    known[row.ActionRef] = secret = await secrets.OfAsync(row.ActionRef, token);
                }

                visit(document.Of(row with { Config = Hidden(row.Config, secret), Result = Hidden(row.Result, secret) }));
            }

            return next;
        }, cancellationToken);
    }

    private static byte[]? Hidden(byte[]? json, ParameterSecrets secret) =>
        json is null ? null : JsonMarshal.GetRawUtf8Value(secret.Hide(JsonElement.Parse(json, Json.DocumentOptions))!.Value).ToArray();

    private async Task<IReadOnlyList<SampledPath>> SampleAsync(
        DateTimeOffset? since, DateTimeOffset? until,
        Func<TimeRange, Cursor?, Action<JsonElement?>, CancellationToken, Task<Cursor?>> read, CancellationToken cancellationToken)
    {
        var paths = new PathCollector(MostPaths, MostExamples, LongestExample);
        var (rows, bytes) = (0, 0L);
        var whole = new TimeRange(since ?? TimeRange.Always.Since, until ?? TimeRange.Always.Until);
        foreach (var day in SearchDays.Of(whole, clock.GetUtcNow()).Take(MostDays))
        {
            Cursor? after = null;
            do
            {
                after = await read(day, after, row =>
                {
                    rows++;
                    if (row is { } value && bytes < MostBytes)
                    {
                        bytes += JsonMarshal.GetRawUtf8Value(value).Length;
                        paths.Add(value, rows);
                    }
                }, cancellationToken);
            }
            while (after is not null && rows < MostRows && bytes < MostBytes);

            if (rows >= MostRows || bytes >= MostBytes)
            {
                break;
            }
        }

        return
        [
            .. paths.Paths.Where(one => IsReadable(one.Path)).Select(one => new SampledPath
            {
                Path = one.Path, Types = one.Types("boolean"), Examples = [.. one.Examples.Values], Rows = one.Count,
            }),
        ];
    }

    // What a path is written with may mean something else in the language: such a one is not offered.
    private static bool IsReadable(string path)
    {
        try
        {
            return SearchedConditions.Parse($"{path} exists").Leaves.Single().Text.Field.Text == path;
        }
        catch (RefusedException)
        {
            return false;
        }
    }
}
