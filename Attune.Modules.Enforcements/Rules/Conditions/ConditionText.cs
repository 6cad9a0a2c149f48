using System.Globalization;
using Attune.Db;
using Superpower;
using Superpower.Model;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>
/// The text form of conditions: <c>repository.full_name == "acme/api" and (total &gt; 500 or not labels contains "spam")</c>.
/// <c>not</c> binds closest, then <c>and</c>, then <c>or</c>.
/// </summary>
internal static class ConditionText
{
    public const int LongestText = 20_000;

    /// <summary>The conditions of a text.</summary>
    /// <param name="text">The text; braces around it, as templates have, do not matter.</param>
    /// <param name="place">What it is called in the input.</param>
    /// <exception cref="RefusedException">It is none; the message says at which character, and what was expected.</exception>
    public static ConditionNode Parse(string text, string place)
    {
        if (text.Length > LongestText)
        {
            throw RefusedException.Invalid(place, $"{place} is longer than {LongestText} characters.");
        }

        var bare = WithoutBraces(text);
        if (string.IsNullOrWhiteSpace(bare))
        {
            throw RefusedException.Invalid(place, $"{place} is empty; a rule without conditions has none at all.");
        }

        var tokens = ConditionTokens.Instance.TryTokenize(bare);
        if (!tokens.HasValue)
        {
            throw Wrong(place, tokens.ErrorPosition, tokens.ErrorMessage ?? "this is no condition");
        }

        CheckDepth(tokens.Value, place);
        var parsed = ConditionGrammar.Whole.TryParse(tokens.Value);
        return parsed.HasValue
            ? Compiled(parsed.Value, place, 0)
            : throw Wrong(place, parsed.ErrorPosition, parsed.FormatErrorMessageFragment(), bare);
    }

    private static ConditionNode Compiled(ConditionDraft draft, string place, int depth)
    {
        if (depth > RuleConditions.MostDepth)
        {
            throw RefusedException.Invalid(place, $"{place} has more than {RuleConditions.MostDepth} groups in one another.");
        }

        switch (draft)
        {
            case ConditionDraft.Group group:
                return new ConditionGroup(group.Join, [.. group.Items.Select(item => Compiled(item, place, depth + 1))]);
            case ConditionDraft.Not not:
                return new NotCondition(Compiled(not.Item, place, depth + 1));
            case ConditionDraft.Leaf leaf:
                try
                {
                    return ConditionLeaf.Compile(leaf.Text, "condition");
                }
                catch (RefusedException refused)
                {
                    throw Wrong(place, leaf.At, refused.Message);
                }

            default:
                throw new InvalidOperationException(draft.GetType().Name);
        }
    }

    // Parsing goes down as deep as parentheses do.
    private static void CheckDepth(TokenList<ConditionToken> tokens, string place)
    {
        var depth = 0;
        foreach (var token in tokens)
        {
            depth += token.Kind switch { ConditionToken.Open => 1, ConditionToken.Close => -1, _ => 0 };
            if (depth > 4 * RuleConditions.MostDepth)
            {
                throw Wrong(place, token.Position, "there are too many parentheses in one another");
            }
        }
    }

    private static string WithoutBraces(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return trimmed.StartsWith("{{") && trimmed.EndsWith("}}") && trimmed.Length >= 4
            ? $"{new string(' ', text.IndexOf("{{", StringComparison.Ordinal) + 2)}{trimmed[2..^2]}"
            : text;
    }

    private static RefusedException Wrong(string place, Position at, string message, string text = "")
    {
        var absolute = at.HasValue ? at.Absolute : text.TrimEnd().Length;
        return RefusedException.Invalid(
            place, string.Create(CultureInfo.InvariantCulture, $"{place}, character {absolute + 1}: {message.TrimEnd('.')}."));
    }
}
