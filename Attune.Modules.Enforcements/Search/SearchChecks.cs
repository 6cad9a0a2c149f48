using Attune.Db;

namespace Attune.Modules.Enforcements.Search;

internal static class SearchChecks
{
    /// <summary>The number of rows to find.</summary>
    /// <exception cref="RefusedException">It is too large, or the range is none.</exception>
    public static int Check(int first, DateTimeOffset? since, DateTimeOffset? until)
    {
        if (first is < 1 or > SearchRequest<object>.MostFirst)
        {
            throw RefusedException.Invalid("first", $"first must be from 1 to {SearchRequest<object>.MostFirst}.");
        }

        return since >= until ? throw RefusedException.Invalid("since", "since must be before until.") : first;
    }
}
