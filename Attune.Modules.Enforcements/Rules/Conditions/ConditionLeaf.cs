using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>One condition: what is at a path of the event, tested by an operator.</summary>
internal sealed class ConditionLeaf : ConditionNode
{
    private const int MostShown = 1_000;

    private readonly LeafText _text;
    private readonly ConditionTest _test;

    private ConditionLeaf(LeafText text, ConditionTest test)
    {
        _text = text;
        _test = test;
        NeedsInstant = text.Field.Root == FieldRoot.Created || text.Other?.Root == FieldRoot.Created
            || text.Operator.Takes.HasFlag(Takes.Instant);
        ReadsOutside = text.Field.Root != FieldRoot.Payload || (text.Other is { } other && other.Root != FieldRoot.Payload);
    }

    public LeafText Text => _text;

    /// <summary>Its place among the conditions of its rule.</summary>
    public int Number { get; set; }

    public override bool NeedsInstant { get; }

    public override bool ReadsOutside { get; }

    public override IEnumerable<ConditionLeaf> Leaves => [this];

    /// <exception cref="RefusedException">What is said does not go together; the field names the part of it that is wrong.</exception>
    public static ConditionLeaf Compile(LeafText text, string place)
    {
        text = LeafChecks.Check(text, place);
        return new(text, text.Operator.Compile(new()
        {
            Value = text.Value,
            IsField = text.Other is not null,
            IgnoreCase = text.IgnoreCase,
            Cast = text.Cast,
            Place = place,
        }));
    }

    /// <summary>The same without a test, to be shown and not evaluated.</summary>
    public static ConditionLeaf Written(LeafText text, string place) =>
        new(LeafChecks.Check(text, place), static (_, _, _) => Tested.Unknown(UnknownReason.None));

    public override Verdict? Evaluate(EvaluationContext context)
    {
        if (NeedsInstant && context.Created is null)
        {
            return null;
        }

        if (context.Known is not { } known)
        {
            return Test(context).Verdict;
        }

        return known[Number] ??= Test(context).Verdict;
    }

    public override ExplainedCondition Explain(EvaluationContext context)
    {
        // Those after one that is dear are explained all the same.
        var own = context.Again();
        JsonElement? actual = null, other = null;
        try
        {
            other = _text.Other?.Find(own);
            if (!_text.Field.Path.HasEach)
            {
                actual = _text.Field.Find(own);
                return Explained(actual, other, _test(actual, other, own), fault: null);
            }

            var found = _text.Field.FindEach(own);
            actual = found is [var only] ? only
                : found.Count == 0 ? null
                : JsonSerializer.SerializeToElement(found.Take(MostShown));
            return Explained(actual, other, Quantified(found, other, own), fault: null);
        }
        catch (BudgetExceededException error)
        {
            return Explained(actual, other, Tested.Unknown(UnknownReason.None), error.Message);
        }
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("field", _text.Field.Text);
        writer.WriteString("operator", _text.Operator.Name);
        if (_text.Other is { } other)
        {
            writer.WriteString("other_field", other.Text);
        }
        else if (_text.Value is { } value)
        {
            writer.WritePropertyName("value");
            value.WriteTo(writer);
        }

        if (_text.IgnoreCase)
        {
            writer.WriteBoolean("ignore_case", true);
        }

        if (_text.Cast != Cast.None)
        {
            writer.WriteString("as", Casts.Name(_text.Cast));
        }

        if (_text.Quantifier != Quantifier.Any)
        {
            writer.WriteString("quantifier", EnumNames.Of(_text.Quantifier));
        }

        writer.WriteEndObject();
    }

    private Tested Test(EvaluationContext context)
    {
        var other = _text.Other?.Find(context);
        return _text.Field.Path.HasEach
            ? Quantified(_text.Field.FindEach(context), other, context)
            : _test(_text.Field.Find(context), other, context);
    }

    private ExplainedCondition Explained(JsonElement? actual, JsonElement? other, Tested tested, string? fault) => new()
    {
        Field = _text.Field.Text,
        Path = _text.Field.FullText,
        Operator = _text.Operator.Name,
        Expected = _text.Other is null ? _text.Value : other,
        OtherField = _text.Other?.Text,
        Quantifier = _text.Field.Path.HasEach ? EnumNames.Of(_text.Quantifier) : null,
        IgnoreCase = _text.IgnoreCase ? true : null,
        As = _text.Cast == Cast.None ? null : Casts.Name(_text.Cast),
        Found = actual is not null,
        Actual = actual,
        Verdict = tested.Verdict,
        Reason = fault ?? (tested.Verdict == Verdict.Unknown ? tested.Reason.Text(actual, other) : null),
    };

    // As groups are: any is the greatest, all the least of what the values come to, and none the opposite of any.
    private Tested Quantified(List<JsonElement?> found, JsonElement? other, EvaluationContext context)
    {
        var decisive = _text.Quantifier == Quantifier.All ? Verdict.False : Verdict.True;
        var joined = new Tested(decisive.Opposite(), UnknownReason.None);
        foreach (var value in found)
        {
            var one = _test(value, other, context);
            if (one.Verdict == decisive)
            {
                joined = one;
                break;
            }

            joined = one.Verdict == Verdict.Unknown ? one : joined;
        }

        return _text.Quantifier == Quantifier.None ? joined.Opposite() : joined;
    }
}
