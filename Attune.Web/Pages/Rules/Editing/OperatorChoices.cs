using Attune.Modules.Enforcements;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>The operators that a form offers, by what is at a path.</summary>
internal static class OperatorChoices
{
    private static readonly Dictionary<string, KnownOperator> Known = ConditionLanguage.Operators.ToDictionary(one => one.Name);

    private static readonly string[] Order = ["greater_than", "greater_or_equal", "less_than", "less_or_equal", "between"];
    private static readonly string[] Same = ["equals", "not_equals", "in", "not_in"];
    private static readonly string[] There = ["exists", "not_exists"];

    private static readonly string[] Texts =
    [
        "contains", "not_contains", "starts_with", "not_starts_with", "ends_with", "not_ends_with", "matches", "not_matches", "is_empty",
        "before", "after", "within", "in_network",
    ];

    public static bool IsKnown(string name) => Known.ContainsKey(name);

    /// <summary>An operator; one that is not known takes a value and nothing beside it.</summary>
    public static KnownOperator Find(string name) => Known.GetValueOrDefault(name) ?? new(name) { TakesValue = true };

    /// <summary>Those that make sense of a type first, then all others.</summary>
    /// <param name="type">What has been at the path; null when nothing is known of it.</param>
    public static (IReadOnlyList<string> Fitting, IReadOnlyList<string> Others) For(string? type)
    {
        IReadOnlyList<string> fitting = type switch
        {
            "text" => [.. Same, .. Texts, .. There],
            "number" => [.. Same, .. Order, .. There],
            "truth" => ["equals", "not_equals", .. There],
            "list" => ["contains", "not_contains", "is_empty", .. There],
            "object" => ["is_empty", .. There],
            "null" => ["equals", "not_equals", "is_empty", .. There],
            _ => [.. Same, .. Texts, .. Order, .. There],
        };
        return (fitting, [.. Known.Keys.Except(fitting)]);
    }

    /// <summary>What a value is most likely to be for an operator and what has been at its path.</summary>
    public static OperandKind KindFor(string name, string? type, string text) => name switch
    {
        "in" or "not_in" => OperandKind.Json,
        "starts_with" or "not_starts_with" or "ends_with" or "not_ends_with" or "matches" or "not_matches" or "before" or "after" or "within"
            => OperandKind.Text,
        _ => type switch
        {
            "text" => OperandKind.Text,
            "number" when text.Length == 0 => OperandKind.Number,
            _ => OperandText.Guess(text),
        },
    };
}
