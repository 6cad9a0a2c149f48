using System.Text.Json;
using Attune.Modules.Enforcements;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>What the parts of the editor share: the form, what is wrong with it, and what it comes to for the event beside it.</summary>
public sealed class EditorState(System.Action changed)
{
    private static readonly JsonElement None = JsonElement.Parse("[]");

    private Dictionary<FormRow, ExplainedCondition> _tested = [];
    private WrittenForm _written = FormWriter.Write(new());

    public RuleForm Form { get; private set; } = new();

    /// <summary>What the form came to last; null before it was tried.</summary>
    public RuleTrial? Trial { get; private set; }

    /// <summary>What saving was refused for; it goes with the next change.</summary>
    public IReadOnlyList<RuleMistake> Refused { get; private set; } = [];

    /// <summary>What the payloads of the trigger look like; null while nothing is known.</summary>
    public PayloadFields? Known { get; set; }

    /// <summary>Counts the changes, so that an answer to an earlier one is known as such.</summary>
    public int Revision { get; private set; }

    /// <summary>Whether the text says something that the form does not show yet.</summary>
    public bool IsTextAhead { get; private set; }

    /// <summary>The row that is to have the focus once it is drawn.</summary>
    public string? Focus { get; set; }

    internal WrittenForm Written => _written;

    /// <summary>What is wrong with the text of the conditions.</summary>
    public RuleMistake? TextMistake => IsTextAhead && Form.Text.Trim().Length > 0 ? Trial?.Mistakes.FirstOrDefault(IsOfConditions) : null;

    public void Open(RuleForm form)
    {
        (Form, Trial, Refused, IsTextAhead, _tested) = (form, null, [], false, []);
        _written = FormWriter.Write(Form.Conditions);
        Revision++;
    }

    /// <summary>Something outside of the conditions has been changed.</summary>
    public void Touch()
    {
        Revision++;
        Refused = [];
        changed();
    }

    /// <summary>The conditions have been changed in the form.</summary>
    public void TouchConditions()
    {
        (IsTextAhead, Form.OnlyText, Form.Unshown) = (false, null, null);
        _written = FormWriter.Write(Form.Conditions);
        Touch();
    }

    /// <summary>The conditions have been changed as text.</summary>
    public void TouchText(string text)
    {
        (IsTextAhead, Form.Text) = (true, text);
        Touch();
    }

    internal RuleTrialRequest Request(long? onEvent)
    {
        var request = Form.ToTrial(_written, onEvent);
        return !IsTextAhead ? request : request with
        {
            Condition = ConditionJoin.All,
            Conditions = Form.Text.Trim().Length == 0 ? None : JsonSerializer.SerializeToElement(new { expression = Form.Text }),
        };
    }

    /// <summary>Takes the answer to a trial of the form as it is.</summary>
    public void Take(RuleTrial trial)
    {
        Trial = trial;
        if (trial.Conditions is not { } conditions)
        {
            return;
        }

        if (IsTextAhead)
        {
            Form.Show(conditions, trial.Condition, Form.Text);
            _written = FormWriter.Write(Form.Conditions);
            IsTextAhead = false;
        }
        else if (Form.Unshown is null)
        {
            Form.Text = trial.Expression ?? "";
        }

        // A rule's conditions are told one after another, as the rows stand.
        _tested = _written.Rows.Zip(Leaves(trial.Tested)).ToDictionary(pair => pair.First.Row, pair => pair.Second);
    }

    public void Refuse(IReadOnlyList<RuleMistake> mistakes) => Refused = mistakes;

    /// <summary>A row, tested; null while it is not.</summary>
    public ExplainedCondition? Tested(FormRow row) => _tested.GetValueOrDefault(row);

    /// <summary>What an item comes to; null while nothing can be told of it.</summary>
    public Verdict? VerdictOf(FormItem item)
    {
        if (item is FormRow row)
        {
            return Tested(row)?.Verdict;
        }

        var group = (FormGroup)item;
        var verdicts = group.Items.Select(VerdictOf).OfType<Verdict>().ToList();
        return verdicts.Count == 0 ? null : group.Kind switch
        {
            GroupKind.All => verdicts.Min(),
            GroupKind.Any => verdicts.Max(),
            GroupKind.None => Opposite(verdicts.Max()),
            _ => Opposite(verdicts.Min()),
        };
    }

    /// <summary>What is wrong at a place; null when nothing is.</summary>
    public string? Mistake(string field) => Refused.Concat(Trial?.Mistakes ?? [])
        .FirstOrDefault(one => one.Field == field || one.Field.StartsWith(field + ".", StringComparison.Ordinal)
            || one.Field.StartsWith(field + "[", StringComparison.Ordinal))?.Message;

    /// <summary>What is wrong with a row; what is only missing is said once somebody has tried to save.</summary>
    public string? Mistake(FormRow row) =>
        Refused.Concat(IsTextAhead ? [] : Trial?.Mistakes ?? []).FirstOrDefault(one => _written.At(one.Field) == row)?.Message
        ?? (Refused.Any(one => one.Field == row.Key) ? FormWriter.Missing(row) : null);

    /// <summary>What has been at a path most often; null when nothing is known.</summary>
    public string? TypeOf(string path) => FieldOf(path)?.Types[0];

    public PayloadField? FieldOf(string path) => Known?.Fields.FirstOrDefault(one => one.Path == path);

    private static bool IsOfConditions(RuleMistake one) => one.Field.StartsWith("conditions", StringComparison.Ordinal);

    private static IEnumerable<ExplainedCondition> Leaves(IEnumerable<ExplainedCondition> tested) =>
        tested.SelectMany(one => one.Conditions is { } inner ? Leaves(inner) : [one]);

    private static Verdict Opposite(Verdict verdict) => Verdict.True - (int)verdict;
}
