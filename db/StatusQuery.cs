using Attune.Db.Values;

namespace Attune.Db;

/// <summary>
/// Lists that may be narrowed to some statuses. Each status is read by itself, spelled out so that its partial index serves, and
/// what was read is merged: one query for several would walk past every row of the others.
/// </summary>
public static class StatusQuery
{
    /// <summary>A page, in the order of its request.</summary>
    public static string Page<TStatus>(
        string table, string columns, string where, StatusFilter<TStatus> statuses, PageRequest page, int limit)
        where TStatus : struct, Enum
    {
        var inOrder = $"ORDER BY {page.Order()}";
        var clauses = Clauses(where, statuses);
        var end = page.Limit(limit);
        if (clauses.Count == 1)
        {
            return $"""
                SELECT {columns}
                  FROM {table}
                 {clauses[0]}
                 {inOrder}
                 {end}
                """;
        }

        var arms = clauses.Select(clause => $"(SELECT {columns} FROM {table} {clause} {inOrder} LIMIT {page.Offset + limit})");
        return $"""
            SELECT {columns}
              FROM ({string.Join("\n                    UNION ALL ", arms)}) AS listed
             {inOrder}
             {end}
            """;
    }

    /// <summary>The number of rows, counted up to <c>@limit</c>.</summary>
    public static string Count<TStatus>(string table, string where, StatusFilter<TStatus> statuses)
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

    /// <summary>The same narrowing of a statement that reads all its rows anyway; empty where no status is wanted.</summary>
    public static string And<TStatus>(IReadOnlyList<TStatus> wanted)
        where TStatus : struct, Enum => wanted.Count == 0 ? "" : $" AND status IN ({Names(wanted)})";

    private static string Names<TStatus>(IEnumerable<TStatus> statuses)
        where TStatus : struct, Enum => string.Join(", ", statuses.Distinct().Select(status => $"'{EnumNames.Of(status)}'"));

    private static List<string> Clauses<TStatus>(string where, StatusFilter<TStatus> statuses)
        where TStatus : struct, Enum
    {
        var wanted = statuses.Wanted.Distinct().ToList();
        if (wanted.Count == 0 || wanted.Count == Enum.GetValues<TStatus>().Length)
        {
            return [where];
        }

        return wanted.Count > 1 && wanted.All(statuses.Together.Contains)
            ? [$"{where} AND status IN ({Names(wanted)})"]
            : wanted.ConvertAll(status => $"{where} AND status = '{EnumNames.Of(status)}'");
    }
}

/// <summary>The statuses that a list shows.</summary>
/// <param name="Wanted">Every status where empty.</param>
/// <param name="Together">Statuses that have one index for them all.</param>
public readonly record struct StatusFilter<TStatus>(IReadOnlyList<TStatus> Wanted, IReadOnlyList<TStatus> Together)
    where TStatus : struct, Enum;
