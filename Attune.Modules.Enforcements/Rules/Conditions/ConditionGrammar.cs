using System.Text.Json;
using Superpower;
using Superpower.Model;
using Superpower.Parsers;

namespace Attune.Modules.Enforcements.Rules.Conditions;

using DraftParser = TokenListParser<ConditionToken, ConditionDraft>;
using WordParser = TokenListParser<ConditionToken, Token<ConditionToken>>;

/// <summary>The grammar of the text form.</summary>
internal static class ConditionGrammar
{
    private static readonly HashSet<string> Joins = ["and", "or", "not"];
    private static readonly HashSet<string> Literals = ["true", "false", "null"];
    private static readonly HashSet<string> Quantifiers = ["any", "all", "none"];

    // What can follow a path, and so is none itself where a path has just been.
    private static readonly HashSet<string> Following =
        [.. ConditionOperators.Names.Split(", "), "as", "is", "starts", "ends", "and", "or", "not", "ignore_case"];

    public static readonly DraftParser Whole = Or().AtEnd();

    /// <summary>Words that a path must not begin with unless it is written from its root.</summary>
    public static bool IsReserved(string word) => Literals.Contains(word) || Quantifiers.Contains(word) || Following.Contains(word);

    private static DraftParser Or() => Joined(Joined(Parse.Ref(() => Unary), "and", ConditionJoin.All), "or", ConditionJoin.Any);

    private static DraftParser Joined(DraftParser item, string word, ConditionJoin join) =>
        item.AtLeastOnceDelimitedBy(Word(word)).Select(items => GroupOf(items!, join));

    private static ConditionDraft GroupOf(ConditionDraft[] items, ConditionJoin join) =>
        items.Length == 1 ? items[0] : new ConditionDraft.Group(join, items);

    private static readonly DraftParser Group = Or().Between(
        Token.EqualTo(ConditionToken.Open), Token.EqualTo(ConditionToken.Close));

    private static readonly TokenListParser<ConditionToken, JsonElement> Literal =
        Token.EqualTo(ConditionToken.Text).Or(Token.EqualTo(ConditionToken.Number)).Or(Token.EqualTo(ConditionToken.Json))
            .Or(Path(Literals.Contains, "value"))
            .Select(ConditionTokens.Value)
            .Named("a value");

    private static readonly TokenListParser<ConditionToken, FieldPath> Field =
        Path(static word => !Joins.Contains(word) && !Literals.Contains(word), "path").Select(FieldOf);

    private static readonly TokenListParser<ConditionToken, Operation> Value =
        Literal.Select(value => new Operation { Value = value })
            .Or(Field.Select(field => new Operation { Other = field }))
            .Named("a value or another path");

    private static readonly TokenListParser<ConditionToken, string> Symbol =
        Token.EqualTo(ConditionToken.Symbol).Select(token => token.ToStringValue() switch { "=" => "==", "<>" => "!=", var same => same });

    private static readonly TokenListParser<ConditionToken, string> Name =
        Word("starts").IgnoreThen(Word("with")).Value("starts_with")
            .Or(Word("ends").IgnoreThen(Word("with")).Value("ends_with"))
            .Or(Word("is").IgnoreThen(Word("empty")).Value("is_empty"))
            .Or(Path(word => ConditionOperators.Find(word) is not null, "an operator").Select(token => token.ToStringValue()));

    private static readonly TokenListParser<ConditionToken, Operation> Between =
        from word in Word("between")
        from least in Literal
        from and in Word("and")
        from greatest in Literal
        select new Operation
        {
            Operator = ConditionOperators.Find("between"), Value = JsonSerializer.SerializeToElement(new[] { least, greatest }),
        };

    private static readonly TokenListParser<ConditionToken, Operation> ByName =
        from not in Word("not").Optional()
        from name in Name
        let found = ConditionOperators.Find(not is null ? name : $"not_{name}")
        from known in found is null
            ? Fail<ConditionOperator>($"{name} has no form with not; write not before the path")
            : Parse.Return<ConditionToken, ConditionOperator>(found)
        from operand in known.Takes.HasFlag(Takes.Nothing) ? Parse.Return<ConditionToken, Operation>(new()) : Value
        select operand with { Operator = known };

    private static readonly TokenListParser<ConditionToken, Operation> BySymbol =
        from symbol in Symbol
        from operand in Value
        select operand with { Operator = ConditionOperators.FindSymbol(symbol) };

    private static readonly DraftParser FromField =
        from quantified in Path(Quantifiers.Contains, "any, all or none")
            .Then(word => Path(static next => !Following.Contains(next), "path").Select(next => (Word: word.ToStringValue(), Token: next)))
            .Try()
            .Or(Path(static word => !Joins.Contains(word) && !Literals.Contains(word), "path").Select(token => (Word: "any", Token: token)))
        from cast in Word("as").IgnoreThen(Path(word => Casts.TryParse(word) is not null, Casts.Names)).Optional()
        from operation in BySymbol.Or(Between).Or(ByName).Named("an operator such as ==, contains or exists")
        from ignoreCase in Word("ignore_case").Optional()
        select (ConditionDraft)new ConditionDraft.Leaf(
            new()
            {
                Field = FieldOf(quantified.Token),
                Operator = operation.Operator!,
                Value = operation.Value,
                Other = operation.Other,
                IgnoreCase = ignoreCase is not null,
                Cast = cast is { } name ? Casts.TryParse(name.ToStringValue())!.Value : Cast.None,
                Quantifier = quantified.Word switch { "all" => Quantifier.All, "none" => Quantifier.None, _ => Quantifier.Any },
            },
            quantified.Token.Position);

    // "spam" in labels, 500 < total: read from the path.
    private static readonly DraftParser FromLiteral =
        from value in Literal
        from name in Symbol.Select(Turned)
            .Or(Word("not").IgnoreThen(Word("in")).Value("not_contains"))
            .Or(Word("in").Value("contains"))
            .Named("a comparison or in")
        from token in Path(static word => !Joins.Contains(word) && !Literals.Contains(word), "path")
        select (ConditionDraft)new ConditionDraft.Leaf(
            new() { Field = FieldOf(token), Operator = ConditionOperators.Find(name)!, Value = value }, token.Position);

    private static readonly DraftParser Unary =
        from nots in Word("not").Many()
        from item in Group.Or(FromLiteral).Or(FromField)
        select nots.Aggregate(item, (inner, _) => new ConditionDraft.Not(inner));

    private static string Turned(string symbol) => ConditionOperators.FindSymbol(symbol switch
    {
        "<" => ">",
        ">" => "<",
        "<=" => ">=",
        ">=" => "<=",
        _ => symbol,
    })!.Name;

    private static WordParser Word(string word) =>
        Token.EqualToValue(ConditionToken.Path, word).Named(word);

    private static WordParser Path(Func<string, bool> which, string expected) =>
        input => input.ConsumeToken() is { HasValue: true, Value: { Kind: ConditionToken.Path } token } next && which(token.ToStringValue())
            ? TokenListParserResult.Value(token, input, next.Remainder)
            : TokenListParserResult.Empty<ConditionToken, Token<ConditionToken>>(input, [expected]);

    private static TokenListParser<ConditionToken, T> Fail<T>(string message) =>
        input => TokenListParserResult.Empty<ConditionToken, T>(input, message);

    private static FieldPath FieldOf(Token<ConditionToken> token) =>
        FieldPath.TryRead(token.ToStringValue(), 0, isBare: true, out _)!.Value.Field;

    private sealed record Operation
    {
        public ConditionOperator? Operator { get; init; }
        public JsonElement? Value { get; init; }
        public FieldPath? Other { get; init; }
    }
}
