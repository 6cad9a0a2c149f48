using Attune.Modules.Enforcements;

namespace Attune.Tests.Search;

[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class SearchingExecutionsTests(DatabaseEngine engine) : SearchTest(engine)
{
    [OneTimeSetUp]
    public Task WriteAsync() => ExecuteAsync("""
        INSERT INTO execution (id, action_ref, rule_ref, config, result, status, created, updated)
        VALUES (1, 'search.one', 'search.rule', '{"to": "ops"}', '{"error": "timed out after 30 s"}', 'failed', now() - INTERVAL '3 hours', now()),
               (2, 'search.one', 'search.rule', '{"to": "dev"}', '{"sent": 3}', 'completed', now() - INTERVAL '2 hours', now()),
               (3, 'search.two', NULL, NULL, NULL, 'requested', now() - INTERVAL '1 hour', now())
        """);

    [TestCase("result.error contains \"timed out\"", 1)]
    [TestCase("result.sent > 2", 2)]
    [TestCase("config.to == \"ops\" or parameters.to == \"dev\"", 2, 1)]
    [TestCase("status == \"failed\" and action_ref starts_with \"search.\"", 1)]
    [TestCase("result not exists", 3)]
    [TestCase("result exists", 2, 1)]
    [TestCase("rule_ref == \"search.rule\" and retry_count == 0", 2, 1)]
    [TestCase("rule_ref == null", 3)]
    [TestCase("created after \"2020-01-01\" and started_at == null and updated after created", 3, 2, 1)]
    public async Task Conditions_look_at_the_result_the_parameters_and_the_references(string query, params int[] expected)
    {
        var found = await RunAsync(Get<IExecutionSearch>().RunAsync(new() { Query = query, Filter = new() }, Cancellation));

        Assert.That(found.Hits.Select(hit => hit.Id), Is.EqualTo(expected));
        Assert.That(found.End.Reason, Is.EqualTo(SearchEndReason.Complete));
    }

    [Test]
    public async Task The_filter_of_the_list_holds_too()
    {
        var found = await RunAsync(Get<IExecutionSearch>().RunAsync(
            new() { Query = "created exists", Filter = new() { Statuses = [ExecutionStatus.Failed, ExecutionStatus.Requested], ActionRef = "search.one" } },
            Cancellation));

        Assert.That(found.Hits.Select(hit => hit.Id), Is.EqualTo((long[])[1]));
    }

    [TestCase("error contains \"x\"", 1)]
    [TestCase("status == \"failed\" and event.config.to == \"a\"", 24)]
    [TestCase("result.a == payload.b", 1)]
    [TestCase("$ exists", 1)]
    public void A_path_that_no_execution_has_is_told_by_its_place(string query, int column)
    {
        var refused = Assert.Throws<RefusedException>(() => Get<IExecutionSearch>().Check(query))!;

        Assert.That(refused.At?.Column, Is.EqualTo(column), refused.Message);
        Assert.That(refused.Message, Does.Contain("result."));
    }
}
