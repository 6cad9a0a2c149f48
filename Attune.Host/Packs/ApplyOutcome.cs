using Attune.Host.Files;

namespace Attune.Host.Packs;

/// <summary>What became of one thing.</summary>
/// <param name="Verb"><c>created</c>, <c>changed</c>, <c>unchanged</c> or <c>deleted</c>.</param>
/// <param name="Kind">Such as <c>rule</c>.</param>
/// <param name="Ref">What it is called.</param>
/// <param name="Differences">How it differs from what it was, a line a field.</param>
internal sealed record AppliedThing(string Verb, string Kind, string Ref, IReadOnlyList<string> Differences);

/// <summary>What came of applying files.</summary>
internal sealed class ApplyOutcome
{
    public List<AppliedThing> Things { get; } = [];

    /// <summary>Why nothing was changed; empty when everything was.</summary>
    public List<FileMistake> Mistakes { get; } = [];

    public List<FileMistake> Notes { get; } = [];

    public bool HasDifferences => Things.Exists(thing => thing.Verb != "unchanged");
}
