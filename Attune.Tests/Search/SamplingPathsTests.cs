using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Tests.Search;

[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class SamplingPathsTests(DatabaseEngine engine) : SearchTest(engine)
{
    [Test]
    public async Task Paths_come_with_types_and_examples_and_each_is_one_that_conditions_can_name()
    {
        await WriteHourlyAsync("sample.paths",
        [
            """{"repository": {"full_name": "acme/api"}, "total": 5, "alerts": [{"status": "firing"}, {"status": "ok"}], "big": 1}""",
            """
            {"repository": {"full_name": "acme/web"}, "total": "6", "all": 1, "event": {"payload": 2}, "x.y": {"a b": true, "$": 1, "": 2, "0": 3},
             "not": null, "1": 1, "-a": 1, "/a": 1, "\"q\"": 1, "é": 1}
            """,
        ]);

        var paths = await Get<ISampledPaths>().OfEventsAsync(new() { TriggerRef = "sample.paths" }, Cancellation);

        var name = paths.Single(path => path.Path == "repository.full_name");
        Assert.That(name.Types, Is.EqualTo((string[])["text"]));
        Assert.That(name.Examples.Select(one => one.GetString()), Is.EqualTo((string[])["acme/web", "acme/api"]));
        Assert.That(name.Rows, Is.EqualTo(2));
        Assert.That(paths.Single(path => path.Path == "total").Types, Is.EquivalentTo((string[])["text", "number"]));
        Assert.That(paths.Single(path => path.Path == "alerts[*].status").Rows, Is.EqualTo(1));
        foreach (var path in paths)
        {
            Assert.That(RuleConditions.ParseText($"{path.Path} exists", "q").Items.Single().Leaves.Single().Text.Field.Text, Is.EqualTo(path.Path));
            Assert.That((await SearchAsync($"{path.Path} exists", new() { TriggerRef = "sample.paths" })).Hits, Has.Count.EqualTo(path.Rows), path.Path);
        }

        Assert.That(paths, Has.Count.GreaterThan(18));
    }

    [Test]
    public async Task Executions_have_the_paths_that_their_search_takes()
    {
        await ExecuteAsync("INSERT INTO execution (action_ref, config, result) VALUES ('sample.action', '{\"to\": \"ops\"}', '{\"error\": \"no\"}')");

        var paths = await Get<ISampledPaths>().OfExecutionsAsync(new() { ActionRef = "sample.action" }, Cancellation);

        Assert.That(paths.Select(path => path.Path), Is.SupersetOf((string[])["result.error", "config.to", "status", "action_ref", "created"]));
        Assert.That(() => paths.ToList().ForEach(path => Get<IExecutionSearch>().Check($"{path.Path} exists")), Throws.Nothing);
    }
}
