using System.Net;
using System.Text.Json;

namespace Attune.Tests.Enforcements;

[TestFixture(DatabaseEngine.Native)]
public sealed class TryingRulesOverHttpTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task A_rule_as_it_was_answered_can_be_tried_on_an_event()
    {
        var key = await Api.TriggerWithWebhookAsync("trying.order");
        var id = await Api.DeliverAsync(key, """{"total": 7}""");
        await Api.RuleAsync("trying.big", "trying.order", new { expression = "total > 5" }, new { message = "{{ event.payload.total }}" });
        var rule = await Api.DataAsync("/api/v1/rules/trying.big");
        var body = rule.EnumerateObject().ToDictionary(member => member.Name, member => (object)member.Value);
        body["event"] = id;

        var trial = (await Api.PostAsync("/api/v1/rules/try", body)).GetProperty("data");
        var fields = (await Api.DataAsync("/api/v1/triggers/trying.order/fields")).GetProperty("fields");

        Assert.That(trial.GetProperty("mistakes").GetArrayLength(), Is.Zero, trial.GetRawText());
        Assert.That(trial.GetProperty("verdict").GetString(), Is.EqualTo("true"));
        Assert.That(trial.GetProperty("parameters")[0].GetProperty("value").GetInt32(), Is.EqualTo(7));
        Assert.That(fields[0].GetProperty("path").GetString(), Is.EqualTo("total"));
    }

    [TestCase("""{"colour": "red"}""", HttpStatusCode.UnprocessableEntity, "colour")]
    [TestCase("""{"event": "soon"}""", HttpStatusCode.UnprocessableEntity, "event")]
    [TestCase("[]", HttpStatusCode.UnprocessableEntity, null)]
    public async Task What_is_no_draft_is_refused_by_the_name_of_the_field(string body, HttpStatusCode status, string? field)
    {
        var (answered, text) = await Api.SendRawAsync(
            HttpMethod.Post, "/api/v1/rules/try", System.Text.Encoding.UTF8.GetBytes(body), "application/json");

        Assert.That(answered, Is.EqualTo(status).Or.EqualTo(HttpStatusCode.BadRequest), text);
        if (field is not null)
        {
            Assert.That(JsonElement.Parse(text).GetProperty("details").GetProperty("field").GetString(), Is.EqualTo(field), text);
        }
    }
}
