using System.Text.Json;
using Attune.Db.Values;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Attune.Host.Files;

/// <summary>Reads one document of YAML 1.2 into values with their places, and into nothing else: no tag makes an object.</summary>
internal sealed class YamlSource
{
    /// <summary>The deepest nesting, in levels.</summary>
    public const int MaxDepth = 64;

    // What aliases come to when they are written out.
    private const long MostWeight = 4 * SourceText.MaxBytes;

    private static readonly Dictionary<string, JsonValueKind[]> Tags = new(StringComparer.Ordinal)
    {
        ["tag:yaml.org,2002:int"] = [JsonValueKind.Number],
        ["tag:yaml.org,2002:float"] = [JsonValueKind.Number],
        ["tag:yaml.org,2002:bool"] = [JsonValueKind.True, JsonValueKind.False],
        ["tag:yaml.org,2002:null"] = [JsonValueKind.Null],
    };

    private readonly Parser _parser;
    private readonly Action<FileMark, string> _mistake;
    private readonly Action<FileMark, string> _note;
    private readonly Dictionary<AnchorName, FileNode?> _anchors = [];
    private long _weight;

    private YamlSource(string text, Action<FileMark, string> mistake, Action<FileMark, string> note)
    {
        _parser = new(new Scanner(new StringReader(text), skipComments: true));
        _mistake = mistake;
        _note = note;
    }

    /// <param name="text">The file.</param>
    /// <param name="mistake">Is told what is wrong, and can be passed over to find more.</param>
    /// <param name="note">Is told what may not be what was meant.</param>
    /// <exception cref="UnreadableFileException">It cannot be read.</exception>
    public static FileNode Read(string text, Action<FileMark, string> mistake, Action<FileMark, string> note)
    {
        try
        {
            return new YamlSource(text, mistake, note).ReadDocument();
        }
        catch (YamlException error)
        {
            throw Unreadable(text, error);
        }
    }

    private static FileMark Of(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    // The parser names the place where the part began that has the tab.
    private static UnreadableFileException Unreadable(string text, YamlException error)
    {
        var lines = text.Split('\n');
        for (var index = (int)Math.Max(0, error.Start.Line - 1);
            index < lines.Length && error.Message.Contains("tab", StringComparison.Ordinal); index++)
        {
            var indent = lines[index].AsSpan(0, lines[index].Length - lines[index].TrimStart().Length);
            if (indent.IndexOf('\t') is >= 0 and var at)
            {
                return new(new(index + 1, at + 1), "A tab stands in the indentation; YAML takes spaces only.");
            }
        }

        return new(Of(error.Start), $"This is no YAML: {error.Message.TrimEnd('.')}.");
    }

    private FileNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            throw new UnreadableFileException(FileMark.Start, "The file holds nothing.");
        }

        _parser.Consume<DocumentStart>();
        var root = ReadNode(depth: 1);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out var second)
            ? throw new UnreadableFileException(Of(second!.Start), "A second document begins here; a file holds one.")
            : root;
    }

    private FileNode ReadNode(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Counted(_anchors.TryGetValue(alias.Value, out var named) && named is not null
                ? named
                : throw new UnreadableFileException(Of(alias.Start), $"*{alias.Value} stands for what holds it, or for nothing."));
        }

        var start = (NodeEvent)_parser.Current!;
        if (depth > MaxDepth)
        {
            throw new UnreadableFileException(Of(start.Start), $"This is nested deeper than {MaxDepth} levels.");
        }

        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = null;
        }

        var node = _parser.TryConsume<Scalar>(out var scalar) ? ReadScalar(scalar)
            : _parser.TryConsume<SequenceStart>(out var sequence) ? ReadSequence(sequence, depth)
            : ReadMapping(_parser.Consume<MappingStart>(), depth);
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = node;
        }

        return node;
    }

    private FileNode ReadSequence(SequenceStart start, int depth)
    {
        CheckTag(start, "tag:yaml.org,2002:seq");
        var items = new List<FileNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return FileNode.Array(items, Of(start.Start));
    }

    private FileNode ReadMapping(MappingStart start, int depth)
    {
        CheckTag(start, "tag:yaml.org,2002:map");
        var members = new List<FileMember>();
        var names = new Dictionary<string, FileMark>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
            {
                throw new UnreadableFileException(Of(_parser.Current!.Start), "The name of a member must be a text.");
            }

            var at = Of(key.Start);
            var value = ReadNode(depth + 1);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                _mistake(at, "<< merges nothing in YAML 1.2; write the members out, or give them an alias as a whole.");
            }
            else if (names.TryAdd(key.Value, at))
            {
                members.Add(new(key.Value, at, value));
            }
            else
            {
                _mistake(at, $"{StorableText.Excerpt(key.Value)} stands here a second time; the first is in line {names[key.Value].Line}.");
            }
        }

        return FileNode.Object(members, Of(start.Start));
    }

    private FileNode ReadScalar(Scalar scalar)
    {
        var at = Of(scalar.Start);
        var tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? null : scalar.Tag.Value;
        if (tag == "tag:yaml.org,2002:str" || (tag is null && (scalar.Style != ScalarStyle.Plain || scalar.Tag.IsNonSpecific)))
        {
            return Counted(FileNode.Scalar(JsonValueKind.String, scalar.Value, at));
        }

        if (tag is not null && !Tags.ContainsKey(tag))
        {
            _mistake(
                at,
                $"The tag {StorableText.Excerpt(tag)} is not known; there are !!str, !!int, !!float, !!bool, !!null, !!seq and !!map.");
        }
        else if (CoreSchema.Resolve(scalar.Value) is not { } value)
        {
            _mistake(at, $"{scalar.Value} is no number that can be kept; quote it if it is a text.");
        }
        else if (tag is not null && !Tags[tag].Contains(value.Kind))
        {
            _mistake(at, $"'{StorableText.Excerpt(scalar.Value)}' is not what its tag says.");
        }
        else
        {
            if (CoreSchema.HasLeadingZero(scalar.Value))
            {
                _note(at, $"{scalar.Value} is the number {value.Text}; quote it if it is a text.");
            }

            return Counted(FileNode.Scalar(value.Kind, value.Text, at));
        }

        return FileNode.Scalar(JsonValueKind.Null, "", at);
    }

    private void CheckTag(NodeEvent start, string usual)
    {
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific && start.Tag.Value != usual)
        {
            _mistake(Of(start.Start), $"The tag {StorableText.Excerpt(start.Tag.Value)} is not known here.");
        }
    }

    private FileNode Counted(FileNode node)
    {
        _weight += node.Weight;
        return _weight <= MostWeight
            ? node
            : throw new UnreadableFileException(node.At, "What the aliases stand for is too much when it is written out.");
    }
}
