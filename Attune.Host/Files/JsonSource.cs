using System.Text;
using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Host.Files;

/// <summary>Reads a JSON text into values with their places.</summary>
internal static class JsonSource
{
    /// <param name="text">The file.</param>
    /// <param name="mistake">Is told what is wrong, and can be passed over to find more.</param>
    /// <exception cref="UnreadableFileException">It cannot be read.</exception>
    public static FileNode Read(string text, Action<FileMark, string> mistake)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = YamlSource.MaxDepth });
            reader.Read();
            var root = ReadValue(ref reader, new(bytes), mistake);
            reader.Read();
            return root;
        }
        catch (JsonException error)
        {
            // Columns are counted in bytes there, and from 0.
            var line = text.Split('\n').ElementAtOrDefault((int)(error.LineNumber ?? 0)) ?? "";
            var bytesOfLine = Encoding.UTF8.GetBytes(line);
            var before = bytesOfLine.AsSpan(0, (int)Math.Min(error.BytePositionInLine ?? 0, bytesOfLine.Length));
            throw new UnreadableFileException(
                new((int)(error.LineNumber ?? 0) + 1, Encoding.UTF8.GetCharCount(before) + 1), $"This is no JSON: {Sentence(error)}");
        }
        catch (InvalidOperationException)
        {
            throw new UnreadableFileException(FileMark.Start, "A text in it has half of a surrogate pair, which is no character.");
        }
    }

    private static FileNode ReadValue(ref Utf8JsonReader reader, Marks marks, Action<FileMark, string> mistake)
    {
        var at = marks.Of(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new List<FileMember>();
                var names = new Dictionary<string, FileMark>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    var place = marks.Of(reader.TokenStartIndex);
                    reader.Read();
                    var value = ReadValue(ref reader, marks, mistake);
                    if (names.TryAdd(name, place))
                    {
                        members.Add(new(name, place, value));
                    }
                    else
                    {
                        mistake(place, $"{StorableText.Excerpt(name)} stands here a second time; the first is in line {names[name].Line}.");
                    }
                }

                return FileNode.Object(members, at);
            case JsonTokenType.StartArray:
                var items = new List<FileNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadValue(ref reader, marks, mistake));
                }

                return FileNode.Array(items, at);
            case JsonTokenType.String:
                return FileNode.Scalar(JsonValueKind.String, reader.GetString()!, at);
            case JsonTokenType.Number:
                return FileNode.Scalar(JsonValueKind.Number, Encoding.UTF8.GetString(reader.ValueSpan), at);
            case JsonTokenType.True:
                return FileNode.Scalar(JsonValueKind.True, "", at);
            case JsonTokenType.False:
                return FileNode.Scalar(JsonValueKind.False, "", at);
            default:
                return FileNode.Scalar(JsonValueKind.Null, "", at);
        }
    }

    // The reader of .NET adds where, which is said before it, and what a programmer could do.
    private static string Sentence(JsonException error) => error.Message.Split(" LineNumber:")[0].Split(". ")[0].TrimEnd('.') + ".";

    // Counts on from the last place that was asked for: places come in their order.
    private sealed class Marks(byte[] bytes)
    {
        private int _index;
        private int _line = 1;
        private int _lineStart;

        public FileMark Of(long index)
        {
            for (; _index < index; _index++)
            {
                if (bytes[_index] == '\n')
                {
                    _line++;
                    _lineStart = _index + 1;
                }
            }

            return new(_line, 1 + Encoding.UTF8.GetCharCount(bytes, _lineStart, _index - _lineStart));
        }
    }
}
