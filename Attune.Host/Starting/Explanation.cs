using Attune.Db.Embedded;
using Attune.Db.Migrations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Attune.Host.Starting;

/// <summary>What to tell the person who started the program, when what went wrong is no fault of the program.</summary>
internal static class Explanation
{
    /// <summary>A paragraph; null for an error that nobody foresaw, which is better shown with its stack.</summary>
    public static string? Of(Exception error) => error switch
    {
        StartException or DatabaseServerException or MigrationException => error.Message,
        OptionsValidationException options => string.Join(' ', options.Failures),
        NpgsqlException database => $"The database cannot be used: {database.Message}",
        AggregateException all when all.InnerExceptions.All(one => Of(one) is not null) => string.Join(' ', all.InnerExceptions.Select(Of)),
        _ => null,
    };
}
