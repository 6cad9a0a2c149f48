using System.Reflection;
using System.Text.RegularExpressions;
using Attune.Tests.Architecture;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Attune.Tests.Embedding;

/// <summary>A program that a README shows: the C# block below one of its headings.</summary>
internal sealed partial class Sample
{
    // As a console program has them without asking.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private Sample(string code) => Code = code;

    public string Code { get; }

    /// <param name="readme">The README's path from the root.</param>
    /// <param name="heading">What stands above the block.</param>
    public static Sample In(string readme, string heading)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, readme));
        var section = text[text.IndexOf($"## {heading}\n", StringComparison.Ordinal)..];
        return new(Block().Match(section).Groups["code"].Value);
    }

    /// <summary>Compiles it against the assemblies that the tests were built with, and runs it to its end.</summary>
    public Task RunAsync(params string[] arguments)
    {
        var options = new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create(
            $"sample_{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(Code), CSharpSyntaxTree.ParseText(ImplicitUsings)],
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Select(file => MetadataReference.CreateFromFile(file)),
            options);
        using var compiled = new MemoryStream();
        var result = compilation.Emit(compiled);
        Assert.That(result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning), Is.Empty);

        var program = Assembly.Load(compiled.ToArray()).EntryPoint!;
        return Task.Run(() => program.Invoke(null, [arguments]));
    }

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
