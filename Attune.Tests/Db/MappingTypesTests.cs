using System.Text.Json;
using Dapper;

namespace Attune.Tests.Db;

/// <summary>What Dapper is told about PostgreSQL's types, there and back.</summary>
[TestFixture]
public sealed class MappingTypesTests : NativeDatabaseTest
{
    [TestCase(0)]
    [TestCase(-6)]
    [TestCase(14)]
    public async Task An_instant_of_any_offset_is_the_same_instant_in_utc(int hours)
    {
        var local = new DateTimeOffset(2026, 2, 27, 16, 34, 17, 123, TimeSpan.FromHours(hours)).AddTicks(4560);

        var read = await RowAsync<Row>("SELECT @local AS at", new { local });

        Assert.That(read.At, Is.EqualTo(local));
        Assert.That(read.At!.Value.Offset, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task A_missing_instant_is_null()
    {
        Assert.That((await RowAsync<Row>("SELECT NULL::timestamptz AS at")).At, Is.Null);
        Assert.That((await RowAsync<Row>("SELECT @Since::timestamptz AS at", new { Since = (DateTimeOffset?)null })).At, Is.Null);
    }

    [TestCase("""{"a": [1, 2.50, null, true], "b": {"text": "Åse 🚀 <b>"}}""")]
    [TestCase("[]")]
    [TestCase("\"text\"")]
    [TestCase("12345678901234567890.123456789")]
    [TestCase("null")]
    public async Task Json_is_the_same_json(string text)
    {
        var read = await RowAsync<Row>("SELECT @sent AS json_value, jsonb_typeof(@sent) AS kind", new { sent = JsonElement.Parse(text) });

        Assert.That(JsonElement.DeepEquals(read.JsonValue!.Value, JsonElement.Parse(text)), Is.True, read.JsonValue.Value.GetRawText());
        Assert.That(read.Kind, Is.EqualTo(JsonElement.Parse(text).ValueKind.ToString().ToLowerInvariant()).Or.EqualTo("boolean"));
    }

    [Test]
    public async Task Missing_json_is_null_and_not_the_json_null()
    {
        var read = await RowAsync<Row>(
            "SELECT @sent::jsonb AS json_value, jsonb_typeof(@sent::jsonb) AS kind", new { sent = (JsonElement?)null });

        Assert.That(read.JsonValue, Is.Null);
        Assert.That(read.Kind, Is.Null);
        Assert.That((await RowAsync<Row>("SELECT @sent AS json_value", new { sent = default(JsonElement) })).JsonValue, Is.Null);
    }

    [Test]
    public async Task Columns_are_named_in_snake_case_and_enumerations_are_read_by_their_names()
    {
        var read = await RowAsync<Row>(
            """
            SELECT ARRAY['a', 'b']::text[] AS some_names, 'processed'::enforcement_status_enum AS status_of_it
            """);

        Assert.That(read.SomeNames, Is.EqualTo((string[])["a", "b"]));
        Assert.That(read.StatusOfIt, Is.EqualTo(Attune.Modules.Enforcements.EnforcementStatus.Processed));
    }

    [Test]
    public async Task Lists_are_passed_as_arrays()
    {
        var found = await QueryAsync<int>(
            "SELECT n FROM generate_series(1, 9) AS n WHERE n = ANY(@wanted) ORDER BY n", new { wanted = (int[])[3, 7, 99] });

        Assert.That(found, Is.EqualTo((int[])[3, 7]));
        Assert.That(await QueryAsync<int>("SELECT 1 WHERE 1 = ANY(@wanted)", new { wanted = Array.Empty<int>() }), Is.Empty);
    }

    private async Task<T> RowAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        return await connection.QuerySingleAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: Cancellation));
    }

    private sealed record Row
    {
        public DateTimeOffset? At { get; init; }
        public JsonElement? JsonValue { get; init; }
        public string? Kind { get; init; }
        public string[]? SomeNames { get; init; }
        public Attune.Modules.Enforcements.EnforcementStatus? StatusOfIt { get; init; }
    }
}
