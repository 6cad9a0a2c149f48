using Attune.Tests.Web.Fakes;
using Attune.Web.Json;

namespace Attune.Tests.Web;

/// <summary>What a condition looked at, found in the tree that a reader sees.</summary>
public sealed class JsonMarksTests
{
    private const string Payload = """
        {"user": {"name": "ada"}, "alerts": [{"status": "firing"}, {"status": "resolved"}], "a.b": {"c\"d": 1}, "list": [7, 8]}
        """;

    [TestCase(".user.name", "name")]
    [TestCase("[\"a.b\"][\"c\\\"d\"]", "c\"d")]
    [TestCase(".list[1]", "1")]
    [TestCase(".list.1", "1")]
    [TestCase(".alerts[*].status", "status,status")]
    [TestCase(".user.email", "user", Description = "the innermost that is there")]
    [TestCase(".nothing.at.all", "")]
    [TestCase("", "")]
    public void A_path_leads_to_its_rows(string path, string names)
    {
        var found = JsonMarks.Find(new JsonTree(FakeAttune.Json(Payload)), path);

        Assert.That(string.Join(',', found.Select(row => row.Name)), Is.EqualTo(names));
    }

    [Test]
    public void Rows_that_are_closed_or_not_shown_yet_are_opened_on_the_way()
    {
        var many = string.Join(", ", Enumerable.Range(0, 350).Select(number => $$$"""{"n": {"deep": {"down": {{{number}}} } } }"""));
        var tree = new JsonTree(FakeAttune.Json($$"""{"rows": [{{many}}]}"""));

        var found = JsonMarks.Find(tree, ".rows[340].n.deep.down").Single();

        Assert.That(found.Text, Is.EqualTo("340"));
        Assert.That(tree.Rows, Does.Contain(found));
    }
}
