using Attune.Db.Faults;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Outcomes;

internal sealed class EventOutcomes(NpgsqlDataSource database, ListConnections lists, IEventRepository events, TimeProvider clock)
    : IEventOutcomes
{
    // Rare among many, they are looked for as long as this, in seconds.
    private const int Timeout = 10;

    public async Task<Page<MatchedEvent>> ListAsync(OutcomeFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var found = filter is { RuleRef: null, Result: null }
            ? await events.ListAsync(filter.Events, page, cancellationToken)
            : await FindAsync(filter, page, cancellationToken);
        return new(await OfEventsAsync(found.Items, cancellationToken), found.Next, found.Total);
    }

    public async Task<IReadOnlyList<MatchedEvent>> OfEventsAsync(
        IReadOnlyList<EventSummary> events, CancellationToken cancellationToken)
    {
        var outcomes = (await ReadAsync(OutcomeQueries.OfEvents, events, cancellationToken)).ToLookup(outcome => outcome.Event);
        return
        [
            .. events.Select(one => new MatchedEvent
            {
                Event = one,
                Rules = [.. outcomes[one.Id].Take(MatchedEvent.MostRules)],
                HasMoreRules = outcomes[one.Id].Count() > MatchedEvent.MostRules,
            }),
        ];
    }

    public async Task<IReadOnlyList<EventSummary>> HoldingAsync(
        OutcomeFilter filter, IReadOnlyList<EventSummary> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0 || filter is { RuleRef: null, Result: null })
        {
            return events;
        }

        if (!CanMatch(filter))
        {
            return [];
        }

        var (sql, parameters) = OutcomeQueries.Holding(filter, events);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var holding = (await connection.QueryAsync<long>(
            new CommandDefinition(sql, parameters, commandTimeout: Timeout, cancellationToken: cancellationToken))
            .OrRefuseAsync("result", "It took too long to tell what became of these events: search fewer, by time, trigger or rule."))
            .ToHashSet();
        return [.. events.Where(one => holding.Contains(one.Id))];
    }

    public async Task<IReadOnlyList<RuleOutcome>> OfEnforcementsAsync(
        IReadOnlyList<EnforcementSummary> enforcements, CancellationToken cancellationToken)
    {
        var outcomes = (await ReadAsync(OutcomeQueries.OfEnforcements, enforcements, cancellationToken))
            .ToDictionary(outcome => outcome.Enforcement);

        // One that retention has dropped meanwhile is as it was.
        return [.. enforcements.Select(one => outcomes.GetValueOrDefault(one.Id) ?? new RuleOutcome
        {
            Enforcement = one.Id, Event = one.Event, RuleRef = one.RuleRef, Status = one.Status, Shadow = one.Shadow,
        })];
    }

    internal static bool CanMatch(OutcomeFilter filter) =>
        new[] { filter.RuleRef, filter.Events.TriggerRef, filter.Events.RuleRef, filter.Events.SourceRef }
            .All(text => text is null || StorableText.IsStorable(text));

    private async Task<IEnumerable<RuleOutcome>> ReadAsync<TRow>(
        string sql, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : IKeysetRow
    {
        if (rows.Count == 0)
        {
            return [];
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync<RuleOutcome>(new CommandDefinition(
            sql,
            new
            {
                ids = rows.Select(row => row.Id).ToArray(),
                instants = rows.Select(row => row.Created.UtcDateTime).ToArray(),
                Since = rows.Min(row => row.Created),
                Until = rows.Max(row => row.Created),
            },
            commandTimeout: Timeout,
            cancellationToken: cancellationToken))
            .OrRefuseAsync("limit", "It took too long to tell what became of these: ask for fewer at once.");
    }

    private async Task<Page<EventSummary>> FindAsync(OutcomeFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        if (!CanMatch(filter))
        {
            return new([], null, page.IncludeTotal ? Total.Of(0) : null);
        }

        var windows = TimeWindows.Of(clock.GetUtcNow(), filter.Events.Since, filter.Events.Until, page);
        try
        {
            var rows = await TimeWindows.ReadAsync(windows, page.Size + 1, async (range, limit) =>
            {
                var (sql, parameters) = OutcomeQueries.List(filter, page, range, limit);
                await using var connection = await lists.OpenAsync(range, page, cancellationToken);
                return await connection.QueryAsync<EventSummary>(
                    new CommandDefinition(sql, parameters, commandTimeout: Timeout, cancellationToken: cancellationToken));
            });
            Total? total = page.IncludeTotal
                ? await TimeWindows.CountAsync(
                    database, windows, (range, limit) => OutcomeQueries.Count(filter, range, limit), Timeout, cancellationToken)
                : null;
            return Page.From(rows, page, total);
        }
        catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
        {
            throw RefusedException.Invalid(
                "result", "Too many events would have to be read to find these: narrow the list by time, trigger or rule.");
        }
    }
}
