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
    /// <param name="check">Refuses a condition that is right, but means nothing where the text stands.</param>
    /// <exception cref="RefusedException">It is none; the message says at which character, and what was expected.</exception>
    public static ConditionNode Parse(string text, string place, Action<LeafText>? check = null)
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
            throw Wrong(place, tokens.ErrorPosition, tokens.ErrorMessage ?? "this is no condition", bare);
        }

        CheckDepth(tokens.Value, place, bare);
        var parsed = ConditionGrammar.Whole.TryParse(tokens.Value);
        return parsed.HasValue
            ? new Compiler(place, bare, check).Compile(parsed.Value, 0)
            : throw Wrong(place, parsed.ErrorPosition, parsed.FormatErrorMessageFragment(), bare);
    }

    // Parsing goes down as deep as parentheses do.
    private static void CheckDepth(TokenList<ConditionToken> tokens, string place, string text)
    {
        var depth = 0;
        foreach (var token in tokens)
        {
            depth += token.Kind switch { ConditionToken.Open => 1, ConditionToken.Close => -1, _ => 0 };
            if (depth > 4 * RuleConditions.MostDepth)
            {
                throw Wrong(place, token.Position, "there are too many parentheses in one another", text);
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

    private static RefusedException Wrong(string place, Position at, string message, string text)
    {
        var absolute = at.HasValue ? at.Absolute : text.TrimEnd().Length;
        return new(
            RefusalKind.Invalid, place,
            string.Create(CultureInfo.InvariantCulture, $"{place}, character {absolute + 1}: {message.TrimEnd('.')}."))
        {
            At = TextPlace.Of(text, absolute),
        };
    }

    // Of drafts whose text has been read: what is refused is refused at the character of its condition.
    private sealed class Compiler(string place, string text, Action<LeafText>? check)
    {
        public ConditionNode Compile(ConditionDraft draft, int depth)
        {
            if (depth > RuleConditions.MostDepth)
            {
                throw RefusedException.Invalid(place, $"{place} has more than {RuleConditions.MostDepth} groups in one another.");
            }

            switch (draft)
            {
                case ConditionDraft.Group group:
                    return new ConditionGroup(group.Join, [.. group.Items.Select(item => Compile(item, depth + 1))]);
                case ConditionDraft.Not not:
                    return new NotCondition(Compile(not.Item, depth + 1));
                case ConditionDraft.Leaf leaf:
                    try
                    {
                        check?.Invoke(leaf.Text);
                        return ConditionLeaf.Compile(leaf.Text, "condition");
                    }
                    catch (RefusedException refused)
                    {
                        throw Wrong(place, leaf.At, refused.Message, text);
                    }

                default:
                    throw new InvalidOperationException(draft.GetType().Name);
            }
        }
    }
}
