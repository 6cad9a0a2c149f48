using System.Data;
using System.Text.Json;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Attune.Db;

/// <summary>What Dapper has to be told once a process about PostgreSQL's types.</summary>
public static class DapperMappings
{
    public static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;

        // A handler is ignored for a type that Dapper maps itself, so its own mapping goes first.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new InstantHandler());
        SqlMapper.AddTypeHandler(new JsonHandler());
        SqlMapper.AddTypeHandler(new TextsHandler());
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        // Npgsql takes instants in UTC only; a page may pass a local time.
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.TimestampTz;
            parameter.Value = value.UtcDateTime;
        }

        public override DateTimeOffset Parse(object value) => new(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));
    }

    private sealed class TextsHandler : SqlMapper.TypeHandler<IReadOnlyList<string>>
    {
        public override void SetValue(IDbDataParameter parameter, IReadOnlyList<string>? value)
        {
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text;
            parameter.Value = value is null ? DBNull.Value : value.ToArray();
        }

        public override IReadOnlyList<string> Parse(object value) => (string[])value;
    }

    private sealed class JsonHandler : SqlMapper.TypeHandler<JsonElement>
    {
        public override void SetValue(IDbDataParameter parameter, JsonElement value)
        {
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Jsonb;
            parameter.Value = value.ValueKind == JsonValueKind.Undefined ? DBNull.Value : value.GetRawText();
        }

        public override JsonElement Parse(object value) => JsonElement.Parse((string)value, Json.DocumentOptions);
    }
}
