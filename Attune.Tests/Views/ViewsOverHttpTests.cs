using System.Text;
using System.Text.Json;

namespace Attune.Tests.Views;

[TestFixture(DatabaseEngine.Native)]
public sealed class ViewsOverHttpTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task A_view_is_saved_renamed_shared_and_deleted()
    {
        const string owner = "http0123456789ab";
        var (status, text) = await SendAsync("POST", "views", $$"""{"name": "Big", "page": "events", "query": "q=total%20%3E%20500", "owner": "{{owner}}"}""");
        Assert.That(status, Is.EqualTo(201), text);
        var id = JsonElement.Parse(text).GetProperty("data").GetProperty("id").GetInt64();

        Assert.That((await SendAsync("PATCH", $"views/{id}?owner={owner}", """{"name": "Bigger"}""")).Text, Does.Contain("Bigger"));
        Assert.That((await SendAsync("PATCH", $"views/{id}", """{"name": "Biggest"}""")).Status, Is.EqualTo(404));
        Assert.That((await SendAsync("PATCH", $"views/{id}?owner={owner}", """{"shared": true}""")).Text, Does.Contain("\"shared\":true"));
        Assert.That((await SendAsync("GET", "views", null)).Text, Does.Contain("Bigger").And.Not.Contain(owner));
        Assert.That((await SendAsync("DELETE", $"views/{id}", null)).Status, Is.EqualTo(204));
    }

    [TestCase("POST", "views", """{"name": "x"}""", 422, "page")]
    [TestCase("POST", "views", """{"name": "x", "page": "rules"}""", 422, "page")]
    [TestCase("POST", "views", """{"name": "x", "page": "events", "colour": 1}""", 422, "colour")]
    [TestCase("GET", "views?owner=x", null, 422, "owner")]
    public async Task What_cannot_be_saved_is_refused(string method, string path, string? body, int status, string field)
    {
        var (answered, text) = await SendAsync(method, path, body);

        Assert.That(answered, Is.EqualTo(status), text);
        Assert.That(JsonElement.Parse(text).GetProperty("details").GetProperty("field").GetString(), Is.EqualTo(field), text);
    }

    private async Task<(int Status, string Text)> SendAsync(string method, string path, string? body)
    {
        var (status, text) = await Api.SendRawAsync(
            new HttpMethod(method), $"/api/v1/{path}", body is null ? null : Encoding.UTF8.GetBytes(body), body is null ? null : "application/json");
        return ((int)status, text);
    }
}
