using System.Security.Cryptography;
using System.Text;

namespace Attune.Db.Migrations;

/// <summary>A script of functions or views, which can run any number of times.</summary>
internal sealed record RepeatableScript(string Name, string Text)
{
    /// <summary>The SHA-256 of the text, in hexadecimal: a database that ran another one runs this one.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>The statement that notes that the script has run.</summary>
    public string JournalEntry => $"""
        INSERT INTO repeatable_script (script_name, sha256)
        VALUES ('{Name}', '{Digest}')
            ON CONFLICT (script_name) DO UPDATE SET sha256 = excluded.sha256, applied = now();
        """;
}
