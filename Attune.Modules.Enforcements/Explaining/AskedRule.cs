using Attune.Modules.Enforcements.Matching;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>The rule that a question is about, ready to be evaluated.</summary>
internal sealed record AskedRule
{
    /// <summary>What it says; the id of a draft that is no rule's is 0, which no rule has.</summary>
    public required StoredRule Text { get; init; }

    public required bool IsDraft { get; init; }

    /// <summary>Null when somebody wrote it past the checks; the engine leaves such a rule out.</summary>
    public CompiledRule? Compiled { get; init; }

    /// <summary>Why it could not be compiled.</summary>
    public string? Fault { get; init; }

    public long? Rule => Text.Id == 0 ? null : Text.Id;

    public string? RuleRef => Rule is null ? null : Text.Ref;

    public int? Version => IsDraft ? null : Text.Version;
}
