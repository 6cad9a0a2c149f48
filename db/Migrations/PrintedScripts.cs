using DbUp.Engine;

namespace Attune.Db.Migrations;

/// <summary>
/// Scripts as one text, for an administrator to run by hand: each a transaction that also writes its line in the journal.
/// </summary>
internal static class PrintedScripts
{
    // The journal's columns are DbUp's own.
    private const string Opening = $"""
        CREATE SCHEMA IF NOT EXISTS {Migrator.Schema};
        SET search_path = {Migrator.Schema}, public;
        CREATE TABLE IF NOT EXISTS {Migrator.Journal}
        (
            schemaversionsid serial                 NOT NULL,
            scriptname       character varying(255) NOT NULL,
            applied          timestamp              NOT NULL,
            CONSTRAINT "PK_{Migrator.Journal}_Id" PRIMARY KEY (schemaversionsid)
        );
        """;

    public static string Of(IEnumerable<SqlScript> numbered, IEnumerable<RepeatableScript> repeatable) =>
        string.Join("\n\n", numbered
            .Select(script => Transaction(
                script.Name,
                script.Contents,
                $"INSERT INTO {Migrator.Journal} (scriptname, applied) VALUES ('{script.Name}', now());"))
            .Concat(repeatable.Select(script => Transaction(script.Name, script.Text, script.JournalEntry)))
            .Prepend(Opening)) + "\n";

    private static string Transaction(string name, string text, string journalEntry) => $"""
        -- {name}
        BEGIN;
        {text.TrimEnd()}
        {journalEntry}
        COMMIT;
        """;
}
