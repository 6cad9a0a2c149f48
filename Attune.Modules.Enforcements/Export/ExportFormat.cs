using System.Buffers;
using System.Text;
using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Enforcements.Export;

/// <summary>Writes rows as a file: as lists show them, with their names of the API.</summary>
internal abstract class ExportFormat
{
    /// <summary>The format of a name.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public static ExportFormat Of(string? name) => name switch
    {
        null or "csv" => new CsvFormat(),
        "ndjson" => new NdjsonFormat(),
        _ => throw new RefusedException(RefusalKind.Malformed, "format", "format must be one of csv, ndjson."),
    };

    public abstract string MediaType { get; }

    public abstract string Extension { get; }

    /// <summary>Writes what comes before the rows.</summary>
    public abstract void Begin(IBufferWriter<byte> output, IReadOnlyList<string> columns);

    public abstract void Write(IBufferWriter<byte> output, IReadOnlyList<string> columns, JsonElement row);

    /// <summary>The columns to write.</summary>
    /// <param name="given">Names with commas between them; null for all.</param>
    /// <exception cref="RefusedException">The rows have no such column.</exception>
    public static IReadOnlyList<string> Columns<TRow>(string? given)
    {
        var all = Json.Options.GetTypeInfo(typeof(TRow)).Properties.Select(property => property.Name).ToList();
        var wanted = given?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return wanted.FirstOrDefault(name => !all.Contains(name)) is null
            ? wanted.Length == 0 ? all : [.. wanted.Distinct()]
            : throw new RefusedException(RefusalKind.Malformed, "columns", $"columns must be some of {string.Join(", ", all)}.");
    }
}

/// <summary>RFC 4180. A text that a spreadsheet would take for a formula begins with an apostrophe.</summary>
internal sealed class CsvFormat : ExportFormat
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n");

    public override string MediaType => "text/csv; charset=utf-8; header=present";

    public override string Extension => "csv";

    public override void Begin(IBufferWriter<byte> output, IReadOnlyList<string> columns) =>
        Encoding.UTF8.GetBytes($"{string.Join(',', columns)}\r\n", output);

    public override void Write(IBufferWriter<byte> output, IReadOnlyList<string> columns, JsonElement row)
    {
        var line = new StringBuilder();
        foreach (var column in columns)
        {
            _ = line.Append(line.Length == 0 && column == columns[0] ? "" : ",").Append(Cell(row.TryGetProperty(column, out var value) ? value : default));
        }

        Encoding.UTF8.GetBytes(line.Append("\r\n").ToString(), output);
    }

    internal static string Cell(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => Harmless(value.GetString()!),
            JsonValueKind.Null or JsonValueKind.Undefined => "",
            _ => value.GetRawText(),
        };
        return text.AsSpan().ContainsAny(Quoted) || text is [' ', ..] or [.., ' '] ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    // Also after spaces, which spreadsheets pass over.
    private static string Harmless(string text) =>
        text.AsSpan().TrimStart(' ') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..] ? $"'{text}" : text;
}

/// <summary>A JSON object a line.</summary>
internal sealed class NdjsonFormat : ExportFormat
{
    public override string MediaType => "application/x-ndjson";

    public override string Extension => "ndjson";

    public override void Begin(IBufferWriter<byte> output, IReadOnlyList<string> columns)
    {
    }

    public override void Write(IBufferWriter<byte> output, IReadOnlyList<string> columns, JsonElement row)
    {
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            foreach (var column in columns)
            {
                if (row.TryGetProperty(column, out var value))
                {
                    writer.WritePropertyName(column);
                    value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
