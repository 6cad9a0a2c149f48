using Attune.Modules.Enforcements;
using Attune.Web.Json;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Events;

/// <summary>What became of an event at a rule, in a word and in a sentence that do not contradict each other.</summary>
internal static class WhyWords
{
    /// <summary>The word for a rule's chip, with its colour.</summary>
    public static (string Text, Tone Tone) Outcome(RuleExplanation answer) => answer switch
    {
        { Matches: true, WasShadow: true } => ("Matches as shadow", Tone.Caution),
        { Matches: true } => ("Matches", Tone.Good),
        { Reasons: [{ Code: ReasonCode.HeldBack }, ..] } => ("Held back", Tone.Caution),
        { Reasons: [{ Code: ReasonCode.ParametersFailed or ReasonCode.OverBudget or ReasonCode.CannotBeEvaluated }, ..] } =>
            ("Failed", Tone.Bad),
        { Reasons: [_, ..] } => ("Not asked", Tone.Neutral),
        { Verdict: Verdict.Unknown } => ("Cannot tell", Tone.Caution),
        _ => ("Does not match", Tone.Bad),
    };

    /// <summary>Why, in a sentence or two.</summary>
    public static string Sum(RuleExplanation answer) => answer.Reasons is [{ } reason, ..]
        ? answer.Verdict == Verdict.True && reason.Code is not (ReasonCode.HeldBack or ReasonCode.ParametersFailed)
            ? $"{reason.Message} It would match otherwise."
            : reason.Message
        : Conditions(answer);

    private static string Conditions(RuleExplanation answer)
    {
        var tested = ConditionLine.Rows(answer.Conditions).Select(row => row.One).Where(one => one.Group is null).ToList();
        var (wrong, unknown) = (tested.Count(one => one.Verdict == Verdict.False), tested.Count(one => one.Verdict == Verdict.Unknown));
        var right = tested.Count - wrong - unknown;
        return (answer.Verdict, tested) switch
        {
            (_, []) => "No conditions: every event of its trigger matches.",
            (Verdict.True, [_]) when right == 1 => "Its condition holds.",
            (Verdict.True, _) when right == tested.Count => $"All {tested.Count} conditions hold.",
            (Verdict.True, _) => $"{right} of {tested.Count} conditions hold, and that is enough.",
            (_, [{ Verdict: Verdict.Unknown } one]) => $"Its condition cannot be told: {Unknown(one)}.",
            (_, [_]) => "Its condition does not hold.",
            _ when right == 0 && unknown == 0 => $"None of {tested.Count} conditions holds.",
            _ when wrong == 0 => $"{unknown} of {tested.Count} conditions cannot be told.",
            _ => $"{wrong} of {tested.Count} conditions false{(unknown == 0 ? "" : $", {unknown} cannot be told")}.",
        };
    }

    /// <summary>Why a condition cannot be told.</summary>
    public static string Unknown(ExplainedCondition one) => one.Reason ?? (one.Found ? "it does not compare" : "nothing is there");
}
