using System.Text.Json;
using Dapper;
using Npgsql;

namespace Attune.Tests.Support;

/// <summary>How the server would run a statement: asked by EXPLAIN, of the repository's own SQL and parameters.</summary>
internal sealed class Plan
{
    private readonly IReadOnlyList<JsonElement> _nodes;

    private Plan(IReadOnlyList<JsonElement> nodes, string text)
    {
        _nodes = nodes;
        Text = text;
    }

    /// <summary>The whole plan, for the message of a failing test.</summary>
    public string Text { get; }

    /// <summary>The tables and partitions that are read.</summary>
    public IReadOnlyList<string> Relations => Values("Relation Name");

    /// <summary>The indexes that are walked.</summary>
    public IReadOnlyList<string> Indexes => Values("Index Name");

    public IReadOnlyList<string> NodeTypes => Values("Node Type");

    /// <summary>How many rows each scan of a table found, those left out that were not run; of a plan that was analysed.</summary>
    public IReadOnlyList<int> Rows(string relation) => [.. _nodes
        .Where(node => node.TryGetProperty("Relation Name", out var name) && name.GetString() == relation && node.GetProperty(
            "Actual Loops").GetDouble() > 0)
        .Select(node => (int)node.GetProperty("Actual Rows").GetDouble())];

    public static async Task<Plan> OfAsync(
        NpgsqlDataSource database, (string Sql, object Parameters) query, bool analyze, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var text = await connection.ExecuteScalarAsync<string>(new CommandDefinition(
            $"EXPLAIN (FORMAT JSON, ANALYZE {analyze}) {query.Sql}", query.Parameters, cancellationToken: cancellationToken));
        using var document = JsonDocument.Parse(text!);
        var nodes = new List<JsonElement>();
        Collect(document.RootElement[0].GetProperty("Plan").Clone(), nodes);
        return new(nodes, text!);
    }

    private static void Collect(JsonElement node, List<JsonElement> nodes)
    {
        nodes.Add(node);
        if (node.TryGetProperty("Plans", out var children))
        {
            foreach (var child in children.EnumerateArray())
            {
                Collect(child, nodes);
            }
        }
    }

    private List<string> Values(string name) =>
        [.. _nodes.Where(node => node.TryGetProperty(name, out _)).Select(node => node.GetProperty(name).GetString()!)];
}
