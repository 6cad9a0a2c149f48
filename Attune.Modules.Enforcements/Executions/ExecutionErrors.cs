namespace Attune.Modules.Enforcements.Executions;

/// <summary>What went wrong, as lists show it.</summary>
internal static class ExecutionErrors
{
    /// <summary>
    /// The beginning of the first line that is not empty, of an execution that did not end well. A result may be megabytes: it is opened
    /// for those alone, and no more than this leaves the database.
    /// </summary>
    public const string Column = """
        CASE WHEN execution.status IN ('failed', 'timeout', 'abandoned', 'cancelled')
                         THEN left(split_part(ltrim(execution.result ->> 'error', E' \r\n\t'), E'\n', 1), 200) END AS error
        """;
}
