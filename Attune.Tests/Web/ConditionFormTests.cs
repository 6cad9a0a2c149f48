using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Tests.Enforcements.Properties;
using Attune.Web.Pages.Rules.Editing;
using CsCheck;

namespace Attune.Tests.Web;

[TestFixture]
public sealed class ConditionFormTests
{
    [Test]
    public void Conditions_come_out_of_the_form_as_they_went_in()
    {
        Trees.All.Sample(
            pair =>
            {
                var conditions = RuleConditions.Parse(JsonElement.Parse(pair.Tree.Json), ConditionJoin.All);
                var (form, reason) = FormReader.Read(conditions.Stored, conditions.JoinedBy);
                if (form is null)
                {
                    return reason is not null;
                }

                var written = FormWriter.Write(form);
                return written.Incomplete.Count == 0
                    && written.Join == conditions.JoinedBy
                    && JsonElement.DeepEquals(written.Json, conditions.Stored)
                    && RuleConditions.ParseText(conditions.ToText(), "text").ToText() == RuleConditions.TextOf(written.Json, written.Join);
            },
            iter: 2_000);
    }

    [Test]
    public void A_row_is_found_by_the_place_that_a_refusal_names()
    {
        Trees.All.Sample(
            pair =>
            {
                var conditions = RuleConditions.Parse(JsonElement.Parse(pair.Tree.Json), ConditionJoin.All);
                var (form, _) = FormReader.Read(conditions.Stored, conditions.JoinedBy);
                if (form is null)
                {
                    return;
                }

                var written = FormWriter.Write(form);
                foreach (var (row, place) in written.Rows)
                {
                    Assert.That(At(written.Json, place["conditions".Length..]).GetProperty("field").GetString(), Is.EqualTo(row.Field), place);
                    Assert.That(written.At($"{place}.operator"), Is.SameAs(row));
                }
            },
            iter: 500);
    }

    [TestCase("""[{"field": "a", "operator": "equals", "value": "two\nlines"}]""", "more than one line")]
    [TestCase("""[{"field": "a", "operator": "more_than", "value": 1}]""", "no operator more_than")]
    [TestCase("""[{"all": [{"any": [{"all": [{"any": [{"all": [{"any": [{"all": [{"field": "a", "operator": "exists"}]}]}]}]}]}]}]}]""", "groups lie")]
    [TestCase("""{"field": "a"}""", "no list")]
    public void What_a_form_cannot_show_has_its_reason(string conditions, string reason)
    {
        var (form, why) = FormReader.Read(JsonElement.Parse(conditions), ConditionJoin.All);

        Assert.That(form, Is.Null);
        Assert.That(why, Does.Contain(reason));
    }

    [Test]
    public void What_is_not_complete_is_left_out_and_told()
    {
        var form = new FormGroup();
        form.Add(new FormRow());
        var first = form.Add(new FormRow { Field = "a", Kind = OperandKind.Number, Value = "many" });
        form.Add(new FormGroup { Kind = GroupKind.None }).Add(new FormRow { Field = "b", Value = "x" });

        var written = FormWriter.Write(form);

        Assert.That(written.Json.GetRawText(), Is.EqualTo("""[{"not":{"field":"b","operator":"equals","value":"x"}}]"""));
        Assert.That(written.Rows.Select(one => one.Place), Is.EqualTo((string[])["conditions[0].not"]));
        Assert.That(written.Incomplete.Select(one => one.Row), Is.EqualTo((FormRow[])[first]));
    }

    [Test]
    public void A_row_moves_past_its_neighbour_into_a_group_and_out_again()
    {
        var form = new FormGroup();
        var one = form.Add(new FormRow { Field = "one" });
        var group = form.Add(new FormGroup { Kind = GroupKind.Any });
        group.Add(new FormRow { Field = "two" });

        Assert.That(form.Move(one, up: true), Is.False);
        form.Move(one, up: false);
        Assert.That(group.Rows.Select(row => row.Field), Is.EqualTo((string[])["one", "two"]));
        group.Move(one, up: false);
        group.Move(one, up: false);
        Assert.That(form.Items, Is.EqualTo((FormItem[])[group, one]));
    }

    [Test]
    public void A_draft_comes_back_as_it_was_but_for_its_secrets()
    {
        var schema = JsonElement.Parse("""{"url": {"type": "string"}, "token": {"type": "string", "secret": true}, "tries": {"type": "integer"}}""");
        var form = new RuleForm
        {
            Ref = "a.b", Label = "B", Trigger = "core.cron", Action = "core.x", State = RuleState.Shadow, Text = "a ==",
            TriggerFields = ParameterFields.Of(ParameterFields.OfTimer("core.cron"), JsonElement.Parse("""{"expression": "* * * * *"}""")),
            Parameters = ParameterFields.Of(schema, JsonElement.Parse("""{"url": "http://x/{{ event.id }}", "token": "hush", "other": [1]}""")),
            Window = WindowForm.Of(JsonElement.Parse("""{"at_most": 2, "in": "5m", "per": ["a", "b.c"]}""")),
        };
        form.Conditions.Add(new FormGroup { Kind = GroupKind.NotAll }).Add(new FormRow { Field = "x", Kind = OperandKind.Field, Value = "y" });
        form.Parameters[1].Text = "typed";

        var json = StoredDraft.Of(form, 3, DateTimeOffset.UnixEpoch).ToJson();
        var back = new RuleForm
        {
            TriggerFields = ParameterFields.Of(ParameterFields.OfTimer("core.cron"), null),
            Parameters = ParameterFields.Of(schema, JsonElement.Parse("""{"token": "hush"}""")),
        };
        StoredDraft.Parse(json)!.Fill(back);

        Assert.That(json, Does.Not.Contain("hush").And.Not.Contain("typed"));
        Assert.That((back.Ref, back.State, back.Text, back.Window.Per), Is.EqualTo(("a.b", RuleState.Shadow, "a ==", "a, b.c")));
        Assert.That(FormWriter.Write(back.Conditions).Json.GetRawText(), Is.EqualTo(FormWriter.Write(form.Conditions).Json.GetRawText()));
        Assert.That(back.Conditions.Rows.Single().Parent!.Parent, Is.SameAs(back.Conditions));
        Assert.That(
            ParameterFields.Read(back.Parameters).GetRawText(),
            Is.EqualTo("""{"url":"http://x/{{ event.id }}","token":"hush","other":[1]}"""));
        Assert.That(StoredDraft.Parse("{\"Ref\": 5}"), Is.Null);
    }

    [TestCase("any", "5", "5")]
    [TestCase("any", "\"5\"", "\"5\"")]
    [TestCase("any", "main", "\"main\"")]
    [TestCase("any", "{{ event.payload }}", "\"{{ event.payload }}\"")]
    [TestCase("any", """{"a": "{{ event.id }}"}""", """{"a": "{{ event.id }}"}""")]
    [TestCase("string", "5", "\"5\"")]
    [TestCase("string", """{"a": 1}""", "\"{\\u0022a\\u0022: 1}\"")]
    [TestCase("integer", "5", "5")]
    [TestCase("integer", "many", "\"many\"")]
    [TestCase("boolean", "true", "true")]
    public void A_parameter_is_what_its_type_makes_of_what_was_typed(string type, string text, string json)
    {
        var field = new ParameterField { Name = "x", Type = type, Text = text };

        Assert.That(field.Read()!.Value.GetRawText(), Is.EqualTo(json));
    }

    // What stands at a place such as [1].not.any[0].
    private static JsonElement At(JsonElement conditions, string place) => place
        .Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)
        .Split('.', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(conditions, (at, step) => at.ValueKind == JsonValueKind.Array
            ? at[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : at.GetProperty(step));
}
