using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Attune.Db;

/// <summary>The configuration section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>A server of the user's own. Empty: the embedded server is started and used.</summary>
    [ConnectionString]
    public string ConnectionString { get; set; } = "";

    /// <summary>Where the embedded server keeps its data. Empty: <c>attune</c> below the user's local application data.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>Folder of PostgreSQL's server programs (<c>initdb</c>, <c>pg_ctl</c>). Empty: looked for in the usual places.</summary>
    public string BinariesDirectory { get; set; } = "";

    [EnumDataType(typeof(DatabaseEngine), ErrorMessage = $"{Section}:{nameof(Engine)} can be auto, native or timescale.")]
    public DatabaseEngine Engine { get; set; } = DatabaseEngine.Auto;

    /// <summary>
    /// Apply pending scripts while the host starts; otherwise it refuses to start on a stale schema.
    /// Left out: true for the embedded server, false for a server of the user's.
    /// </summary>
    public bool? MigrateOnStart { get; set; }

    /// <summary>Where the embedded server keeps its data, with the default filled in; an absolute path.</summary>
    public string ResolvedDataDirectory => DataDirectory.Length > 0
        ? Path.GetFullPath(DataDirectory)
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "attune");
}

[OptionsValidator]
internal sealed partial class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>;

/// <summary>Takes connection strings that name a host, and none at all. What it says has no part of the string, which has a password.</summary>
internal sealed class ConnectionStringAttribute : ValidationAttribute
{
    private const string Key = $"{DatabaseOptions.Section}:{nameof(DatabaseOptions.ConnectionString)}";

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        try
        {
            return value is string { Length: > 0 } text && string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host)
                ? new($"{Key} names no Host.")
                : ValidationResult.Success;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException)
        {
            return new($"{Key} cannot be read: {unreadable.Message}");
        }
    }
}
