namespace Attune.Host.Verbs;

/// <summary>Something the program does, named by its first argument.</summary>
internal sealed record Verb
{
    public required string Name { get; init; }

    /// <summary>One line for the usage text.</summary>
    public required string Does { get; init; }

    public IReadOnlyList<VerbOption> Options { get; init; } = [];

    /// <summary>Does it, and answers with the exit code.</summary>
    public required Func<Invocation, CancellationToken, Task<int>> RunAsync { get; init; }
}

/// <summary>An option of one verb.</summary>
/// <param name="Name">With its dashes, such as <c>--rows</c>.</param>
/// <param name="Value">What stands for the value in the usage text; null when it takes none.</param>
/// <param name="Does">One line for the usage text.</param>
internal sealed record VerbOption(string Name, string? Value, string Does);

/// <summary>A verb as it was called.</summary>
internal sealed record Invocation(IConfiguration Configuration, IReadOnlyDictionary<string, string?> Options)
{
    public bool Has(string option) => Options.ContainsKey(option);

    public string? Value(string option) => Options.GetValueOrDefault(option);
}

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Pending = 2;
    public const int Usage = 64;
    public const int Interrupted = 130;
}
