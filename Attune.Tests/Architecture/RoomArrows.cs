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

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    private readonly string _root;
    private readonly IReadOnlyList<string> _rooms;
    private readonly IReadOnlyDictionary<string, string> _sources;
    private readonly CSharpCompilation _compilation;

    /// <param name="root">The project's folder.</param>
    /// <param name="rooms">The rooms, by their path; a file belongs to the innermost that it lies in.</param>
    /// <param name="sources">The project's files and their texts, C# and Razor.</param>
    /// <param name="references">What the project is compiled against.</param>
    public RoomArrows(
        string root, IReadOnlyList<string> rooms, IReadOnlyDictionary<string, string> sources, IEnumerable<MetadataReference> references)
    {
        _root = root;
        _rooms = rooms;
        _sources = sources;

        // What may be null changes no name's meaning, and following it takes longer than all else.
        _compilation = CSharpCompilation.Create(
            "rooms",
            sources.Where(source => source.Key.EndsWith(".cs", StringComparison.Ordinal))
                .Select(source => CSharpSyntaxTree.ParseText(source.Value, Options, source.Key))
                .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, Options, ImplicitFile)),
            references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Disable));
    }

    /// <summary>The room of a file; the folder itself where no room has it.</summary>
    public string RoomOf(string file)
    {
        var folder = Path.GetRelativePath(_root, Path.GetDirectoryName(file)!).Replace('\\', '/');
        return _rooms.Where(room => folder == room || folder.StartsWith(room + "/", StringComparison.Ordinal)).MaxBy(room => room.Length)
            ?? folder;
    }

    /// <summary>Every use of one room by another.</summary>
    public IReadOnlyList<RoomArrow> Find()
    {
        var arrows = new HashSet<RoomArrow>();
        foreach (var tree in _compilation.SyntaxTrees.Where(tree => tree.FilePath != ImplicitFile && !IsDoor(tree.FilePath)))
        {
            AddCode(_compilation, tree, arrows);
        }

        AddMarkup(arrows);
        return [.. arrows.OrderBy(arrow => arrow.From, StringComparer.Ordinal).ThenBy(arrow => arrow.To, StringComparer.Ordinal)];
    }

    /// <summary>The uses of other rooms by a file of C# that the project does not have.</summary>
    public IReadOnlyList<RoomArrow> FindIn(string file, string code)
    {
        var arrows = new HashSet<RoomArrow>();
        var planted = CSharpSyntaxTree.ParseText(code, Options, file);
        AddCode(_compilation.AddSyntaxTrees(planted), planted, arrows);
        return [.. arrows];
    }

    private void AddCode(CSharpCompilation compilation, SyntaxTree tree, HashSet<RoomArrow> arrows)
    {
        var model = compilation.GetSemanticModel(tree);
        foreach (var name in tree.GetRoot().DescendantNodes(descendIntoTrivia: true).OfType<SimpleNameSyntax>())
        {
            foreach (var file in DeclaredIn(model, name))
            {
                Add(arrows, tree.FilePath, file, tree.GetLineSpan(name.Span).StartLinePosition.Line + 1);
            }
        }
    }

    private void Add(HashSet<RoomArrow> arrows, string from, string to, int line)
    {
        if (RoomOf(from) is var user && (IsDoor(to) ? Door : RoomOf(to)) is var used && user != used)
        {
            arrows.Add(new(user, used, $"{Path.GetRelativePath(_root, from)}:{line} uses {Path.GetFileNameWithoutExtension(to)}"));
        }
    }

    private const string ImplicitFile = "usings.cs";

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
    private void AddMarkup(HashSet<RoomArrow> arrows)
    {
        var declared = _sources.Keys
            .Where(file => !IsDoor(file))
            .OrderByDescending(file => file.EndsWith(".razor", StringComparison.Ordinal))
            .GroupBy(file => Path.GetFileName(file).Split('.')[0])
            .ToDictionary(files => files.Key, files => files.First(), StringComparer.Ordinal);
        foreach (var (file, text) in _sources.Where(source => source.Key.EndsWith(".razor", StringComparison.Ordinal)))
        {
            foreach (Match name in Name().Matches(text))
            {
                if (declared.TryGetValue(name.Value, out var other))
                {
                    Add(arrows, file, other, text[..name.Index].Count(character => character == '\n') + 1);
                }
            }
        }
    }

    // After an opening angle bracket, a call's dot, or at the beginning of an expression: not in the middle of a text.
    [GeneratedRegex(@"(?<=<|@|\(|\s|!|typeof\()[A-Z]\w+(?=[\s./>()])")]
    private static partial Regex Name();
}
