using System.Text.Json;

namespace Attune.Modules.Enforcements.Ledger;

/// <summary>
/// Lists that may be narrowed to some statuses. Each status is read by itself, spelled out so that its partial index serves, and
/// what was read is merged: one query for several would walk past every row of the others.
/// </summary>
internal static class StatusQuery
{
    /// <summary>A page, newest first. Takes <c>@limit</c>, <c>@Offset</c> and <c>@reach</c>, their sum.</summary>
    public static string Page<TStatus>(string table, string columns, string where, IReadOnlyList<TStatus> statuses)
        where TStatus : struct, Enum
    {
        const string newestFirst = "ORDER BY created DESC, id DESC";
        var clauses = Clauses(where, statuses);
        if (clauses.Count == 1)
        {
            return $"""
                SELECT {columns}
                  FROM {table}
                 {clauses[0]}
                 {newestFirst}
                 LIMIT @limit OFFSET @Offset
                """;
        }

        var arms = clauses.Select(clause => $"(SELECT {columns} FROM {table} {clause} {newestFirst} LIMIT @reach)");
        return $"""
            SELECT {columns}
              FROM ({string.Join("\n                    UNION ALL ", arms)}) AS listed
             {newestFirst}
             LIMIT @limit OFFSET @Offset
            """;
    }

    /// <summary>The number of rows, counted up to <c>@limit</c>.</summary>
    public static string Count<TStatus>(string table, string where, IReadOnlyList<TStatus> statuses)
        where TStatus : struct, Enum
    {
        var arms = Clauses(where, statuses).Select(clause => $"(SELECT 1 FROM {table} {clause} LIMIT @limit)");
        return $"""
            SELECT count(*)
              FROM (SELECT 1
                      FROM ({string.Join("\n                            UNION ALL ", arms)}) AS listed
                     LIMIT @limit) AS counted
            """;
    }

    /// <summary>A status as the database spells it.</summary>
    public static string Spelled<TStatus>(TStatus status)
        where TStatus : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private static List<string> Clauses<TStatus>(string where, IReadOnlyList<TStatus> statuses)
        where TStatus : struct, Enum
    {
        var wanted = statuses.Distinct().ToList();
        return wanted.Count == 0 || wanted.Count == Enum.GetValues<TStatus>().Length
            ? [where]
            : wanted.ConvertAll(status => $"{where} AND status = '{Spelled(status)}'");
    }
}
