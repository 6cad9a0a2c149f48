using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Search;
using Attune.Modules.Events;

namespace Attune.Tests.Search;

[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class SearchingEventsTests(DatabaseEngine engine) : SearchTest(engine)
{
    [Test]
    public async Task Hits_come_newest_first_over_many_days_and_the_end_says_that_all_was_looked_at()
    {
        var ids = await WriteHourlyAsync("search.days", [.. Enumerable.Range(0, 60).Select(number => $$"""{"number": {{number}}}""")]);

        var found = await SearchAsync("number >= 10 and number < 50", new() { TriggerRef = "search.days" });

        Assert.That(found.Hits.Select(hit => hit.Id), Is.EqualTo(ids.Skip(10).Take(40).Reverse()));
        Assert.That(found.End, Is.EqualTo(new SearchEnd(SearchEndReason.Complete, null)));
        Assert.That(found.Progress.Rows, Is.EqualTo(60));
        Assert.That(found.Progress.Bytes, Is.GreaterThan(60 * 10));
    }

    [Test]
    public async Task Searches_that_go_on_where_the_last_one_ended_find_every_row_once()
    {
        var ids = await WriteHourlyAsync("search.paged", [.. Enumerable.Range(0, 40).Select(number => $$"""{"even": {{(number % 2 == 0 ? "true" : "false")}}}""")]);
        var found = new List<long>();
        Cursor? after = null;
        do
        {
            var part = await SearchAsync("even == true", new() { TriggerRef = "search.paged" }, first: 3, after);
            found.AddRange(part.Hits.Select(hit => hit.Id));
            Assert.That(part.Hits, Has.Count.LessThanOrEqualTo(3));
            Assert.That(part.End.Reason, Is.EqualTo(part.End.Next is null ? SearchEndReason.Complete : SearchEndReason.Enough));
            after = part.End.Next;
        }
        while (after is not null);

        Assert.That(found, Is.EqualTo(ids.Where((_, number) => number % 2 == 0).Reverse()));
    }

    [Test]
    public async Task The_filter_of_the_list_and_the_text_hold_together()
    {
        await WriteHourlyAsync("search.other", ["""{"x": 1}"""]);
        var ids = await WriteHourlyAsync("search.filtered", ["""{"x": 1}""", """{"x": 1}""", """{"x": 2}"""]);
        var now = DateTimeOffset.UtcNow;

        var found = await SearchAsync("x == 1", new() { TriggerRef = "search.filtered", Since = now.AddHours(-2.5), Until = now });

        Assert.That(found.Hits.Select(hit => hit.Id), Is.EqualTo((long[])[ids[1]]));
        Assert.That(found.Progress.Rows, Is.EqualTo(2));
    }

    [Test]
    public async Task What_was_said_outside_the_payload_is_found_as_well()
    {
        var trigger = await NewTriggerAsync();
        var written = await Ledger.AppendAsync(
            new NewEvent { TriggerRef = trigger, Payload = Parsed("{}"), Config = Parsed("""{"headers": {"x-kind": "a"}}"""), SourceRef = "sensor" },
            Cancellation);

        var found = await SearchAsync(
            """event.config.headers["X-Kind"] == "a" and event.source_ref starts_with "sen" and event.created after "2020-01-01" """,
            new() { TriggerRef = trigger });

        Assert.That(found.Hits.Select(hit => hit.Id), Is.EqualTo((long[])[written.Id]));
    }

    [Test]
    public async Task Rows_that_are_too_dear_are_counted_and_the_others_found()
    {
        var text = new string('a', 200_000);
        var ids = await WriteHourlyAsync("search.dear", [$$"""{"text": "{{text}}"}""", """{"text": "ab"}"""]);

        var found = await SearchAsync("""text matches ".{200}c|b$" """, new() { TriggerRef = "search.dear" });

        Assert.That(found.Hits.Select(hit => hit.Id), Is.EqualTo((long[])[ids[1]]));
        Assert.That(found.Progress.Failures, Is.EqualTo(1));
    }

    [Test]
    public async Task A_search_ends_at_its_bound_and_another_goes_on_from_there()
    {
        var ids = await WriteHourlyAsync("search.bound", [.. Enumerable.Repeat("""{"x": [1, 2, 3]}""", 20)]);
        var search = new EventSearch(
            Get<IEventScanner>(), Get<SearchEstimates>(), Get<SearchTurns>(), new() { Steps = 5 }, TimeProvider.System);
        var (found, rounds) = (new List<long>(), 0);
        for (SearchEnd? end = new(SearchEndReason.Bound, null); end is not { Reason: SearchEndReason.Complete }; rounds++)
        {
            var part = await RunAsync(search.RunAsync(
                new() { Query = "x contains 3", Filter = new() { TriggerRef = "search.bound" }, After = end.Next }, Cancellation));
            found.AddRange(part.Hits.Select(hit => hit.Id));
            end = part.End;
        }

        Assert.That(found, Is.EqualTo(ids.Reverse()));
        Assert.That(rounds, Is.GreaterThan(3));
    }

    [Test]
    public async Task A_third_search_waits_while_two_are_at_work()
    {
        await WriteHourlyAsync("search.turns", ["{}"]);
        var turns = new SearchTurns();
        var work = new TaskCompletionSource<bool>();
        var search = new EventSearch(Get<IEventScanner>(), Get<SearchEstimates>(), turns, new(), TimeProvider.System);
        SearchRequest<EventFilter> request = new() { Query = "x exists", Filter = new() { TriggerRef = "search.turns" } };
        await using var third = search.RunAsync(request, Cancellation).GetAsyncEnumerator(Cancellation);
        Task<bool>[] others = [turns.RunAsync(() => work.Task, Cancellation), turns.RunAsync(() => work.Task, Cancellation)];

        await third.MoveNextAsync();
        Assert.That(third.Current.Progress.Waiting, Is.True);
        var turn = third.MoveNextAsync();
        Assert.That(turn.IsCompleted, Is.False);
        work.SetResult(true);

        Assert.That(await turn, Is.True);
        await Task.WhenAll(others);
        Assert.That(third.Current.Progress.Waiting, Is.False);
    }

    [Test]
    public async Task Readers_who_read_no_further_hold_nobody_up()
    {
        await WriteHourlyAsync("search.slow", [.. Enumerable.Repeat("""{"x": 1}""", 60)]);
        var search = new EventSearch(Get<IEventScanner>(), Get<SearchEstimates>(), new(), new(), TimeProvider.System);
        SearchRequest<EventFilter> request = new() { Query = "x exists", Filter = new() { TriggerRef = "search.slow" }, First = 100 };
        await using var first = search.RunAsync(request, Cancellation).GetAsyncEnumerator(Cancellation);
        await using var second = search.RunAsync(request, Cancellation).GetAsyncEnumerator(Cancellation);
        await first.MoveNextAsync();
        await second.MoveNextAsync();
        Assert.That((first.Current.End, second.Current.End), Is.EqualTo(((SearchEnd?)null, (SearchEnd?)null)));

        var third = await RunAsync(search.RunAsync(request, Cancellation));

        Assert.That(third.Hits, Has.Count.EqualTo(60));
        Assert.That(third.Steps.Select(step => step.Progress.Waiting), Has.None.True);
    }

    [TestCase("total >", 1, 8, "value")]
    [TestCase("total > 5 and\n  name == ", 2, 11, "value")]
    [TestCase("alerts[", 1, 7, "[")]
    [TestCase("a == 1 or (b == 2", 1, 18, ")")]
    [TestCase("a == 1 and b matches \"(a)\\\\1\"", 1, 12, "backreference")]
    [TestCase("", 1, 1, "empty")]
    public void A_mistake_is_told_by_its_line_and_column(string query, int line, int column, string expected)
    {
        var refused = Assert.Throws<RefusedException>(() => Get<IEventSearch>().Check(query))!;

        Assert.That(refused.Field, Is.EqualTo("q"));
        Assert.That(refused.Message, Does.Contain(expected));
        Assert.That((refused.At?.Line ?? 1, refused.At?.Column ?? 1), Is.EqualTo((line, column)), refused.Message);
    }

    [Test]
    public void What_is_hostile_is_refused_and_breaks_nothing()
    {
        string[] hostile =
        [
            new('(', 20_000), string.Concat(Enumerable.Repeat("not ", 4_000)) + "a exists", new('a', 20_001), "a == \"\0\" and",
            string.Join(" and ", Enumerable.Repeat("a == 1", 101)), "a matches \"(((((((((((a{1000}){1000}\"", "{{ }}",
            string.Concat(Enumerable.Repeat("(a exists or ", 13)) + "b exists" + new string(')', 13), "a == [" + new string('[', 5_000),
        ];

        foreach (var query in hostile)
        {
            Assert.That(() => Get<IEventSearch>().Check(query), Throws.TypeOf<RefusedException>(), $"{query.Length} characters");
        }
    }

    [Test]
    public async Task Values_that_no_stored_text_has_find_nothing()
    {
        await WriteHourlyAsync("search.nul", ["""{"x": "a"}"""]);

        Assert.That((await SearchAsync("""x == "\u0000" """, new() { TriggerRef = "search.nul" })).Hits, Is.Empty);
        Assert.That((await SearchAsync("x == 1e400000", new() { TriggerRef = "search.nul" })).Hits, Is.Empty);
        Assert.That((await SearchAsync("x exists", new() { TriggerRef = "a\0b" })).Hits, Is.Empty);
    }
}
