using System.Globalization;
using Attune.Db.Faults;
using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Executions;

internal sealed class FailureGroups(NpgsqlDataSource database) : IFailureGroups
{
    // No index knows what a result says: errors are read for as long as this, in seconds.
    private const int Timeout = 20;

    public async Task<FailureReport> ReportAsync(FailureFilter filter, CancellationToken cancellationToken)
    {
        Check(filter);
        if (!CanMatch(filter))
        {
            return Report(filter, []);
        }

        var each = Math.Max((filter.Until - filter.Since).TotalSeconds / FailureReport.Parts, 0.001);
        return Report(filter, await ReadAsync<PartRow>(FailureQueries.Report(filter, each), cancellationToken));
    }

    public async Task<IReadOnlyList<FailedExecution>> ListAsync(
        FailureFilter filter, string action, string error, int most, CancellationToken cancellationToken)
    {
        Check(filter);
        return CanMatch(filter) && StorableText.IsStorable(action) && StorableText.IsStorable(error)
            ? await ReadAsync<FailedExecution>(FailureQueries.List(filter, action, error, most), cancellationToken)
            : [];
    }

    private static void Check(FailureFilter filter)
    {
        if (filter.Since >= filter.Until)
        {
            throw RefusedException.Invalid("since", "since must be before until.");
        }

        if (filter.Until - filter.Since > TimeSpan.FromDays(FailureFilter.MostDays))
        {
            throw RefusedException.Invalid("since", string.Create(
                CultureInfo.InvariantCulture, $"since must be at most {FailureFilter.MostDays} days before until."));
        }
    }

    private static bool CanMatch(FailureFilter filter) =>
        new[] { filter.ActionRef, filter.RuleRef, filter.TriggerRef }.All(text => text is null || StorableText.IsStorable(text));

    private static FailureReport Report(FailureFilter filter, IReadOnlyList<PartRow> rows)
    {
        var groups = rows
            .GroupBy(row => (row.ActionRef, row.Error))
            .Select(Group)
            .OrderByDescending(group => group.Count)
            .ThenByDescending(group => group.Last)
            .ToList();
        var total = groups.Sum(group => group.Count);
        return new()
        {
            Since = filter.Since,
            Until = filter.Until,
            Total = total,
            TotalIsMinimum = total >= FailureReport.MostExecutions,
            Others = Math.Max(groups.Count - FailureReport.MostGroups, 0),
            Groups = [.. groups.Take(FailureReport.MostGroups)],
        };
    }

    private static FailureGroup Group(IGrouping<(string ActionRef, string Error), PartRow> rows)
    {
        var counts = new long[FailureReport.Parts];
        foreach (var row in rows)
        {
            counts[Math.Clamp(row.Part, 0, FailureReport.Parts - 1)] += row.Count;
        }

        var newest = rows.MaxBy(row => row.Sample)!;
        return new()
        {
            ActionRef = rows.Key.ActionRef,
            Error = rows.Key.Error,
            Count = counts.Sum(),
            First = rows.Min(row => row.First),
            Last = rows.Max(row => row.Last),
            Sample = newest.Sample,
            SampleError = newest.SampleError,
            Counts = counts,
        };
    }

    private async Task<IReadOnlyList<T>> ReadAsync<T>((string Sql, object Parameters) query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            return (await connection.QueryAsync<T>(new CommandDefinition(
                query.Sql, query.Parameters, commandTimeout: Timeout, cancellationToken: cancellationToken))).AsList();
        }
        catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
        {
            throw RefusedException.Invalid("since", "Too many results would have to be read: narrow it by since and until, or by action_ref.");
        }
    }

    /// <summary>What one group has in one part of the range.</summary>
    private sealed record PartRow
    {
        public required string ActionRef { get; init; }
        public required string Error { get; init; }
        public required int Part { get; init; }
        public required long Count { get; init; }
        public required DateTimeOffset First { get; init; }
        public required DateTimeOffset Last { get; init; }
        public required long Sample { get; init; }
        public required string SampleError { get; init; }
    }
}
