namespace Attune.Db;

/// <summary>Writes a WHERE clause from the conditions that apply, so a filter left out costs the planner nothing.</summary>
public static class Where
{
    public static string All(params ReadOnlySpan<(bool Applies, string Condition)> conditions)
    {
        var clause = "";
        foreach (var (applies, condition) in conditions)
        {
            if (applies)
            {
                clause += (clause.Length == 0 ? "WHERE " : " AND ") + condition;
            }
        }

        return clause;
    }
}
