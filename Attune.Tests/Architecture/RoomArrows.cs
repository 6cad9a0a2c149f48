using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Attune.Tests.Architecture;

/// <summary>One place in the sources where a room uses another.</summary>
internal sealed record RoomArrow(string From, string To, string Place);

/// <summary>
/// Finds which rooms of a project use which, by asking the compiler what each name in the sources means. Compiled code would not do:
/// constants are copied into it, and async lambdas are hidden in it.
/// </summary>
internal sealed partial class RoomArrows
{
    /// <summary>The room of files that lie beside the project file.</summary>
    public const string Base = ".";

    /// <summary>What stands for a project's door where a room uses it.</summary>
    public const string Door = "the door";

    private readonly string _root;
    private readonly IReadOnlyList<string> _rooms;

    /// <param name="root">The project's folder.</param>
    /// <param name="rooms">The rooms, by their path; a file belongs to the innermost that it lies in.</param>
    public RoomArrows(string root, IReadOnlyList<string> rooms)
    {
        _root = root;
        _rooms = rooms;
    }

    /// <summary>The room of a file; the folder itself where no room has it.</summary>
    public string RoomOf(string file)
    {
        var folder = Path.GetRelativePath(_root, Path.GetDirectoryName(file)!).Replace('\\', '/');
        return _rooms.Where(room => folder == room || folder.StartsWith(room + "/", StringComparison.Ordinal)).MaxBy(room => room.Length)
            ?? folder;
    }

    /// <param name="sources">The project's files and their texts, C# and Razor.</param>
    /// <param name="references">The assemblies that the project is compiled against.</param>
    public IReadOnlyList<RoomArrow> Find(IReadOnlyDictionary<string, string> sources, IEnumerable<string> references)
    {
        var code = sources.Where(source => source.Key.EndsWith(".cs", StringComparison.Ordinal)).ToDictionary();
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = code.Select(source => CSharpSyntaxTree.ParseText(source.Value, options, source.Key)).ToList();
        var compilation = CSharpCompilation.Create(
            "rooms",
            trees.Append(CSharpSyntaxTree.ParseText(ImplicitUsings, options, "usings.cs")),
            references.Select(reference => MetadataReference.CreateFromFile(reference)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        var arrows = new HashSet<RoomArrow>();
        foreach (var tree in trees.Where(tree => !IsDoor(tree.FilePath)))
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes(descendIntoTrivia: true).OfType<SimpleNameSyntax>())
            {
                foreach (var file in DeclaredIn(model, name))
                {
                    Add(tree.FilePath, file, tree.GetLineSpan(name.Span).StartLinePosition.Line + 1);
                }
            }
        }

        AddMarkup(sources, code, Add);
        return [.. arrows.OrderBy(arrow => arrow.From, StringComparer.Ordinal).ThenBy(arrow => arrow.To, StringComparer.Ordinal)];

        void Add(string from, string to, int line)
        {
            if (RoomOf(from) is var user && (IsDoor(to) ? Door : RoomOf(to)) is var used && user != used)
            {
                arrows.Add(new(user, used, $"{Path.GetRelativePath(_root, from)}:{line} uses {Path.GetFileNameWithoutExtension(to)}"));
            }
        }
    }

    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    // The door puts the rooms together, so it knows them all, and none of them knows it.
    private static bool IsDoor(string file) =>
        Path.GetFileName(file) is var name && (name == "Program.cs" || name.EndsWith("Module.cs", StringComparison.Ordinal));

    private static IEnumerable<string> DeclaredIn(SemanticModel model, SimpleNameSyntax name)
    {
        var info = model.GetSymbolInfo(name);
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        symbol = symbol switch
        {
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => constructor.ContainingType,
            INamespaceSymbol or null => null,
            IAliasSymbol alias => alias.Target,
            _ => symbol,
        };
        var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
        return type?.OriginalDefinition.Locations.Where(location => location.IsInSource).Select(
            location => location.SourceTree!.FilePath).Take(1) ?? [];
    }

    // Components that markup draws, and types that it names: their classes are only made when the project is built.
    private static void AddMarkup(
        IReadOnlyDictionary<string, string> sources, Dictionary<string, string> code, Action<string, string, int> add)
    {
        var markup = sources.Where(source => source.Key.EndsWith(".razor", StringComparison.Ordinal)).ToList();
        var declared = markup.Select(source => source.Key).Concat(code.Keys)
            .Where(file => !IsDoor(file))
            .GroupBy(file => Path.GetFileName(file).Split('.')[0])
            .ToDictionary(files => files.Key, files => files.First(), StringComparer.Ordinal);
        foreach (var (file, text) in markup)
        {
            foreach (Match name in Name().Matches(text))
            {
                if (declared.TryGetValue(name.Value, out var other))
                {
                    add(file, other, text[..name.Index].Count(character => character == '\n') + 1);
                }
            }
        }
    }

    // After an opening angle bracket, a call's dot, or at the beginning of an expression: not in the middle of a text.
    [GeneratedRegex(@"(?<=<|@|\(|\s|!|typeof\()[A-Z]\w+(?=[\s./>()])")]
    private static partial Regex Name();
}
