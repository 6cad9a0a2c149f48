using System.Buffers;
using System.Text;
using System.Text.Json;
using Attune.Modules.Enforcements.Export;
using CsCheck;

namespace Attune.Tests.Export;

public sealed class CsvFormatTests
{
    [TestCase("plain", "plain")]
    [TestCase("a,b", "\"a,b\"")]
    [TestCase("say \"no\"", "\"say \"\"no\"\"\"")]
    [TestCase("two\r\nlines", "\"two\r\nlines\"")]
    [TestCase(" space", "\" space\"")]
    [TestCase("=1+1", "'=1+1")]
    [TestCase("  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0")]
    [TestCase("@SUM(A1)", "'@SUM(A1)")]
    [TestCase("-2+3", "'-2+3")]
    [TestCase("+1", "'+1")]
    [TestCase("\tx", "'\tx")]
    [TestCase("＝1", "'＝1")]
    public void A_text_is_quoted_where_it_must_be_and_is_never_a_formula(string text, string cell) =>
        Assert.That(CsvFormat.Cell(JsonSerializer.SerializeToElement(text)), Is.EqualTo(cell));

    [TestCase("-5", "-5")]
    [TestCase("1e3", "1e3")]
    [TestCase("null", "")]
    [TestCase("true", "true")]
    [TestCase("[1,2]", "\"[1,2]\"")]
    public void Other_values_are_as_JSON_has_them_and_null_is_empty(string json, string cell) =>
        Assert.That(CsvFormat.Cell(JsonElement.Parse(json)), Is.EqualTo(cell));

    [Test]
    public void Whatever_texts_there_are_a_reader_of_CSV_finds_as_many_lines_and_cells() =>
        Gen.String[Gen.Char["ab,\"\r\n =+-@'\t"], 0, 8].Array[3].Array[1, 5].Sample(rows =>
        {
            var output = new ArrayBufferWriter<byte>();
            var format = new CsvFormat();
            string[] columns = ["a", "b", "c"];
            format.Begin(output, columns);
            foreach (var row in rows)
            {
                format.Write(output, columns, JsonSerializer.SerializeToElement(columns.Zip(row).ToDictionary(one => one.First, one => one.Second)));
            }

            var read = Read(Encoding.UTF8.GetString(output.WrittenSpan));
            return read.Count == rows.Length + 1 && read.Skip(1).Zip(rows).All(pair =>
                pair.First.Count == 3 && pair.First.Zip(pair.Second).All(cell => cell.First == cell.Second || cell.First == $"'{cell.Second}"));
        });

    // RFC 4180, read by itself.
    private static List<List<string>> Read(string text)
    {
        var (lines, cells, cell, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"' when quoted && at + 1 < text.Length && text[at + 1] == '"':
                    cell.Append(text[++at]);
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    cells.Add(cell.ToString());
                    cell.Clear();
                    break;
                case '\r' when !quoted && text[at + 1] == '\n':
                    at++;
                    cells.Add(cell.ToString());
                    cell.Clear();
                    lines.Add(cells);
                    cells = [];
                    break;
                default:
                    cell.Append(text[at]);
                    break;
            }
        }

        return lines;
    }
}
