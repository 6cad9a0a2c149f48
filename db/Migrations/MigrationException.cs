using Npgsql;

namespace Attune.Db.Migrations;

/// <summary>The schema could not be brought up to date. The message is a paragraph for the person who started the program.</summary>
public sealed class MigrationException : Exception
{
    /// <param name="reason">Why no script was run: a clause that ends without a full stop.</param>
    public MigrationException(string reason)
        : base($"The database could not be migrated: {reason}.")
    {
    }

    /// <param name="script">The script that failed; null where it was none of them.</param>
    /// <param name="cause">What the server said.</param>
    public MigrationException(string? script, Exception cause)
        : base($"The database could not be migrated: {What(script, cause)}", cause) => Script = script;

    /// <summary>The script that failed; null where it was none of them.</summary>
    public string? Script { get; }

    private static string What(string? script, Exception cause) => script is null
        ? $"{Said(cause)} No script ran."
        : $"{script} failed. {Said(cause)} The script has left nothing, and those before it stay applied.";

    // The driver's own message has the same words on several lines, with places in a source that is not at hand.
    private static string Said(Exception cause) => cause is PostgresException said
        ? $"The server said: {said.MessageText} ({said.SqlState}).{Sentence(said.Detail)}{Sentence(said.Hint)}"
        : cause.Message.ReplaceLineEndings(" ").TrimEnd('.') + ".";

    private static string Sentence(string? text) => string.IsNullOrEmpty(text) ? "" : $" {text.TrimEnd('.')}.";
}
