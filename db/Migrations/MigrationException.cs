namespace Attune.Db.Migrations;

/// <summary>The schema could not be brought up to date.</summary>
/// <param name="script">The script that failed, or what was being done.</param>
/// <param name="cause">What the server said.</param>
public sealed class MigrationException(string script, Exception? cause)
    : Exception($"The database could not be migrated: {script}{(cause is null ? "" : $": {cause.Message}")}", cause)
{
    public string Script { get; } = script;
}
