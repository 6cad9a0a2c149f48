using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Web.Json;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>One condition of the form, with what it comes to for the event beside it.</summary>
public sealed partial class RowView
{
    private IReadOnlyList<string> _fitting = [];
    private IReadOnlyList<string> _others = [];
    private IReadOnlyList<string> _examples = [];
    private string? _type;
    private bool _more;
    private bool _operatorChosen;

    [Parameter, EditorRequired]
    public required FormRow Row { get; set; }

    [Parameter, EditorRequired]
    public required EditorState Editor { get; set; }

    // What is said stays in sight.
    private bool ShowsMore => _more || Row.IgnoreCase || Row.ReadAs.Length > 0;

    private KnownOperator Known => OperatorChoices.Find(Row.Operator);

    private string ValueList => $"{Row.Key}-values";

    private string? Invalid => Editor.Mistake(Row) is null ? null : "true";

    private IEnumerable<OperandKind> Kinds => Known.TakesField ? Enum.GetValues<OperandKind>() : Enum.GetValues<OperandKind>()[..^1];

    private string TypeWord => _type == "truth" ? "true or false" : _type!;

    private string Placeholder => Row.Kind switch
    {
        OperandKind.Field => "another field",
        OperandKind.Json => "[\"a\", \"b\"]",
        OperandKind.Truth => "true",
        _ when Row.Operator == "within" => "5m",
        _ when Row.Operator == "in_network" => "10.0.0.0/8",
        _ => "value",
    };

    private string Tone => Editor.Tested(Row)?.Verdict switch
    {
        Verdict.True => "is-true",
        Verdict.False => "is-false",
        Verdict.Unknown => "is-unknown",
        _ => "",
    };

    protected override void OnParametersSet()
    {
        var known = Editor.FieldOf(Row.Field);
        _type = known?.Types.FirstOrDefault(type => type != "null") ?? known?.Types[0];
        (_fitting, _others) = OperatorChoices.For(_type);
        _examples = Row.Kind == OperandKind.Field ? [] :
        [
            .. (known?.Examples ?? []).Select(value => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()),
        ];
    }

    private static string KindWord(OperandKind kind) => kind switch
    {
        OperandKind.Text => "text",
        OperandKind.Number => "number",
        OperandKind.Truth => "true / false",
        OperandKind.Null => "null",
        OperandKind.Field => "field",
        _ => "list, JSON",
    };

    private void Set(System.Action set)
    {
        set();
        Editor.TouchConditions();
    }

    private void SetField(string? typed) => Set(() => Row.Field = typed ?? "");

    private void TakeField(string? path)
    {
        if (Row.Field != (path ?? ""))
        {
            SetField(path);
        }

        SettleField();
    }

    private Task<IReadOnlyList<string>> Paths(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. (Editor.Known?.Fields ?? []).Select(field => field.Path)]);

    private string? AboutPath(string path) => Editor.FieldOf(path) is not { } field ? null
        : field.Examples.Count == 0 ? string.Join(" or ", field.Types)
        : $"{string.Join(" or ", field.Types)} · {string.Join(", ", field.Examples.Take(2).Select(ConditionLine.Brief))}";

    // Once it stands: on the way to customer.country lies customer, which is something else.
    private void SettleField()
    {
        if (!_operatorChosen && Row.Value.Length == 0 && Editor.TypeOf(Row.Field) is { } type)
        {
            Set(() =>
            {
                var fitting = OperatorChoices.For(type).Fitting;
                Row.Operator = fitting.Contains(Row.Operator) ? Row.Operator : fitting[0];
                Row.Kind = OperatorChoices.KindFor(Row.Operator, type, "");
            });
        }
    }

    private void SetOperator(string? name) => Set(() =>
    {
        Row.Operator = name ?? Row.Operator;
        _operatorChosen = true;
        if (!Known.TakesField && Row.Kind == OperandKind.Field)
        {
            Row.Kind = OperandKind.Text;
        }
        else if (Row.Kind is not (OperandKind.Field or OperandKind.Null))
        {
            var kind = OperatorChoices.KindFor(Row.Operator, Editor.TypeOf(Row.Field), Row.Value);
            Row.Value = kind == OperandKind.Json && Row.Value.Length > 0 ? OperandText.List(Row.Value) : Row.Value;
            Row.Kind = kind;
        }
    });

    // As long as nobody has said what it is, it is what it looks like.
    private void SetValue(string? typed) => Set(() =>
    {
        Row.Value = typed ?? "";
        if (Row.Kind is OperandKind.Text or OperandKind.Number or OperandKind.Truth)
        {
            Row.Kind = OperatorChoices.KindFor(Row.Operator, Editor.TypeOf(Row.Field), Row.Value);
        }
    });

    private void Settle()
    {
        if (Row is { Kind: OperandKind.Json, Operator: "in" or "not_in", Value.Length: > 0 } && OperandText.Parse(Row.Value) is null)
        {
            Set(() => Row.Value = OperandText.List(Row.Value));
        }
    }

    private void AddAfter()
    {
        var parent = Row.Parent!;
        Editor.Focus = parent.Add(new FormRow(), parent.Items.IndexOf(Row) + 1).Key;
        Editor.TouchConditions();
    }

    private void Move(bool up)
    {
        Row.Parent!.Move(Row, up);
        Editor.Focus = Row.Key;
        Editor.TouchConditions();
    }

    private void Remove()
    {
        Editor.Focus = Row.Parent!.Remove(Row)?.Key ?? $"{Editor.Form.Conditions.Key}-add";
        Editor.TouchConditions();
    }
}
