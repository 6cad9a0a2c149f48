using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Where a condition looks: the payload, unless the path names another part of the event.</summary>
internal sealed class FieldPath
{
    // Longer ones first: what comes after a root begins with a dot or a bracket.
    private static readonly (string Text, FieldRoot Root)[] Roots =
    [
        ("event.payload", FieldRoot.Payload), ("event.config", FieldRoot.Config), ("event.source_ref", FieldRoot.SourceRef),
        ("event.created", FieldRoot.Created), ("$", FieldRoot.Payload),
    ];

    private FieldPath(string text, FieldRoot root, JsonPath path)
    {
        Text = text;
        Root = root;
        Path = path;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public FieldRoot Root { get; }

    public JsonPath Path { get; }

    /// <summary>Where it looks, from the event down.</summary>
    public string FullText => Root switch
    {
        FieldRoot.SourceRef => "event.source_ref",
        FieldRoot.Created => "event.created",
        var root => Below(root == FieldRoot.Config ? "event.config" : "event.payload"),
    };

    /// <exception cref="RefusedException">It is no path; the message says at which character.</exception>
    public static FieldPath Parse(string text, string place)
    {
        if (text.Length is 0 or > JsonPath.LongestText)
        {
            throw RefusedException.Invalid(
                place, $"{place} must be a path into the event, such as user.name, of at most {JsonPath.LongestText} characters.");
        }

        return TryRead(text, 0, isBare: false, out var mistake)?.Field
            ?? throw RefusedException.Invalid(
                place, $"{place} is no path: at character {mistake.At + 1} of {StorableText.Excerpt(text)}, {mistake.Message}.");
    }

    /// <summary>Reads a path that begins at a character; see <see cref="PathText.TryRead"/>.</summary>
    public static (FieldPath Field, int End)? TryRead(string text, int start, bool isBare, out PathMistake mistake)
    {
        var (root, at) = RootOf(text, start, isBare);
        var isContinued = at > start;
        if (PathText.TryRead(text, at, isContinued, isBare, out mistake) is not { } read)
        {
            return null;
        }

        if (root is FieldRoot.SourceRef or FieldRoot.Created && read.Steps.Count > 0)
        {
            mistake = new(at, $"{text[start..at]} has no parts");
            return null;
        }

        return (new(text[start..read.End], root, new(root == FieldRoot.Config ? OfConfig(read.Steps) : read.Steps)), read.End);
    }

    /// <summary>The steps of a path into what was said outside the payload, where names of headers are kept in lower case.</summary>
    public static IReadOnlyList<PathStep> OfConfig(IReadOnlyList<PathStep> steps) =>
        steps is [{ Key: "headers" }, { Kind: StepKind.Name or StepKind.Key } name, ..]
            ? [steps[0], PathStep.Of(name.Kind, name.Key.ToLowerInvariant()), .. steps.Skip(2)]
            : steps;

    /// <summary>What is there; null when nothing is.</summary>
    public JsonElement? Find(EvaluationContext context) => Path.Find(context.Root(Root), context.Budget);

    /// <summary>What is there, at each of its places.</summary>
    public List<JsonElement?> FindEach(EvaluationContext context) => Path.FindEach(context.Root(Root), context.Budget);

    public override string ToString() => FullText;

    private static (FieldRoot Root, int At) RootOf(string text, int start, bool isBare)
    {
        foreach (var (name, root) in Roots)
        {
            var end = start + name.Length;
            if (string.CompareOrdinal(text, start, name, 0, name.Length) == 0
                && (end == text.Length || text[end] is '.' or '[' || (isBare && !PathText.IsBareCharacter(text[end]))))
            {
                return (root, end);
            }
        }

        return (FieldRoot.Payload, start);
    }

    private string Below(string root)
    {
        var path = Path.ToString();
        return path.Length == 0 || path[0] == '[' ? root + path : $"{root}.{path}";
    }
}

/// <summary>The part of an event that a path begins at.</summary>
internal enum FieldRoot
{
    Payload,

    /// <summary>What was said outside the payload: headers, query, method and so on.</summary>
    Config,

    SourceRef,

    /// <summary>When it was written, which is known only once it is.</summary>
    Created,
}
