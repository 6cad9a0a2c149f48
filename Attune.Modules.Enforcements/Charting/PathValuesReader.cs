using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Enforcements.Search;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Charting;

/// <summary>Reads what a chart by a path draws: a page of the list at a time, and then the payloads of that page.</summary>
internal sealed class PathValuesReader(NpgsqlDataSource database, IEventOutcomes outcomes) : IPathValues
{
    private const string Place = "path";
    private const long MostBytes = 16_000_000;

    // Of the conditions for all events together.
    private const long MostSteps = 200_000_000;

    // In seconds, for the payloads of one page.
    private const int Timeout = 10;

    public async Task<PathValues> ReadAsync(PathValuesRequest request, CancellationToken cancellationToken)
    {
        var path = ParsePath(request.Path);
        var conditions = request.Query is { } query ? SearchedConditions.Parse(query) : null;
        var (tally, bytes) = (new PathTally(), 0L);
        var page = new PageRequest { Size = PageRequest.MaxSize };
        while (true)
        {
            var events = await outcomes.ListAsync(request.Filter, page, cancellationToken);
            var (isEnough, isLast) = (false, events.Next is null);
            await foreach (var row in PayloadsAsync(events.Items, conditions is not null, cancellationToken))
            {
                // There is another one than those that are enough.
                if (isEnough)
                {
                    isLast = false;
                    break;
                }

                Take(row, path, conditions, tally, cancellationToken);
                bytes += row.Bytes;
                isEnough = tally.Events >= IPathValues.MostEvents || bytes > MostBytes || conditions?.Steps > MostSteps;
            }

            if (isEnough || isLast)
            {
                return tally.Values(request.Path, isLast);
            }

            page = page with { After = events.Next };
        }
    }

    private static JsonPath ParsePath(string text)
    {
        var field = FieldPath.Parse(text, Place);
        return field.Root == FieldRoot.Payload ? field.Path
            : throw RefusedException.Invalid(Place, $"{Place} must lead into the payload, such as user.name.");
    }

    private static void Take(
        Row row, JsonPath path, SearchedConditions? conditions, PathTally tally, CancellationToken cancellationToken)
    {
        var at = new DateTimeOffset(row.Created, TimeSpan.Zero);
        if (row.IsTooLarge)
        {
            tally.LeaveOut(at);
            return;
        }

        try
        {
            tally.Add(
                row.Id, at,
                conditions?.Holds(row.Facts, at, cancellationToken) == false ? []
                : [.. path.FindEach(row.Facts.Payload, new EvaluationBudget(EvaluationBudget.MostSteps, cancellationToken)).OfType<JsonElement>()]);
        }
        catch (Exception error) when (CompiledRule.IsFault(error))
        {
            tally.LeaveOut(at);
        }
    }

    // Its size as it is stored is known without reading it. They are read as they come in: unpacked, a hundred may be large.
    private async IAsyncEnumerable<Row> PayloadsAsync(
        IReadOnlyList<MatchedEvent> events, bool withConfig,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sql = $"""
            SELECT id, created, trigger_ref, coalesce(pg_column_size(payload) > @largest, false) AS too_large,
                   CASE WHEN pg_column_size(payload) <= @largest THEN payload END AS payload{(withConfig ? ", config, source_ref" : "")}
              FROM event
             WHERE id = ANY(@ids)
               AND created >= @oldest
               AND created <= @newest
             ORDER BY created DESC, id DESC
            """;

        if (events.Count == 0)
        {
            yield break;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var parameters = new
        {
            ids = events.Select(one => one.Event.Id).ToArray(),
            oldest = events[^1].Event.Created,
            newest = events[0].Event.Created,
            largest = IPathValues.LargestPayload,
        };
        await using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(sql, parameters, commandTimeout: Timeout, cancellationToken: cancellationToken),
            CommandBehavior.SequentialAccess);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return Read(reader, withConfig);
        }
    }

    private static Row Read(DbDataReader reader, bool withConfig)
    {
        var (id, created, trigger, tooLarge) = (reader.GetInt64(0), reader.GetDateTime(1), reader.GetString(2), reader.GetBoolean(3));
        var payload = reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[]>(4);
        var config = !withConfig || reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5);
        return new()
        {
            Id = id,
            Created = created,
            IsTooLarge = tooLarge,
            Bytes = (payload?.Length ?? 0) + (config?.Length ?? 0),
            Facts = new()
            {
                TriggerRef = trigger,
                Payload = Parsed(payload),
                Config = Parsed(config),
                SourceRef = !withConfig || reader.IsDBNull(6) ? null : reader.GetString(6),
            },
        };
    }

    private static JsonElement? Parsed(byte[]? json) => json is null ? null : JsonElement.Parse(json, Json.DocumentOptions);

    private sealed record Row
    {
        public required long Id { get; init; }
        public required DateTime Created { get; init; }
        public required bool IsTooLarge { get; init; }

        /// <summary>Bytes of JSON read.</summary>
        public required int Bytes { get; init; }

        public required EventFacts Facts { get; init; }
    }
}
