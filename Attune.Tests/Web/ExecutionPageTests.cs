using Attune.Modules.Enforcements;
using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Executions;
using Bunit;
using MudBlazor;

namespace Attune.Tests.Web;

public sealed class ExecutionPageTests : PageTest
{
    [Test]
    public void The_timeline_has_each_status_with_the_time_since_the_one_before()
    {
        var execution = Attune.AddExecution();
        Advance(execution.Id, ExecutionStatus.Scheduled, 40);
        Advance(execution.Id, ExecutionStatus.Running, 2);
        Advance(execution.Id, ExecutionStatus.Completed, 1500, """{"ok": true}""");

        var page = OpenPage(execution.Id);

        var steps = page.Panel("Timeline").QuerySelectorAll("li").Select(step => step.QuerySelector(".what")!.TextContent.Trim()).ToList();
        Assert.That(steps, Has.Count.EqualTo(4));
        Assert.That(steps[0], Is.EqualTo("Requested"));
        Assert.That(steps[1], Does.StartWith("Scheduled").And.EndWith("+40 ms"));
        Assert.That(steps[2], Does.StartWith("Running").And.EndWith("+2 ms"));
        Assert.That(steps[3], Does.StartWith("Completed").And.EndWith("+1.5 s"));
        Assert.That(page.Property("Overview", "Took"), Is.EqualTo("1.54 s"));
    }

    [Test]
    public void Timeline_status_and_result_go_on_by_themselves()
    {
        var execution = Attune.AddExecution();
        var page = OpenPage(execution.Id);
        Assert.That(page.Panel("Timeline").TextContent, Does.Contain("In progress"));
        Assert.That(page.Panel("Result").TextContent, Does.Contain("Not there yet"));

        Attune.Advance(execution.Id, ExecutionStatus.Running);
        page.Until(() => page.Property("Overview", "Status") == "Running");
        Attune.Advance(execution.Id, ExecutionStatus.Completed, """{"answer": 42}""");
        page.Until(() => page.Property("Overview", "Status") == "Completed");

        Assert.That(page.Panel("Timeline").TextContent, Does.Contain("Completed").And.Not.Contain("In progress"));
        Assert.That(page.Panel("Result").TextContent, Does.Contain("answer").And.Contain("42"));
    }

    [Test]
    public void What_went_wrong_stands_first_and_can_be_read()
    {
        var execution = Attune.AddExecution(actionRef: "ops.deploy");
        Attune.Advance(execution.Id, ExecutionStatus.Running);
        Advance(execution.Id, ExecutionStatus.Failed, 1500, """
            {"succeeded": false, "error": "<b>no</b>\nsecond line", "data": {"status_code": 503, "url": "https://ops.example/x", "stderr": "boom"}}
            """);

        var page = OpenPage(execution.Id);

        var failure = page.Find(".detail .main").FirstElementChild!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure.ClassName, Is.EqualTo("failure"));
            Assert.That(failure.QuerySelector("header")!.TextContent, Does.Contain("ops.deploy failed").And.Contain("after 1.5 s"));
            Assert.That(failure.QuerySelector(".message")!.TextContent, Is.EqualTo("<b>no</b>\nsecond line"));
            Assert.That(
                failure.QuerySelectorAll("dd").Select(part => part.TextContent), Is.EqualTo((string[])["503", "https://ops.example/x"]));
            Assert.That(failure.QuerySelector("pre")!.TextContent, Is.EqualTo("boom"));
        }
    }

    [TestCase("""{"error": {"type": "E", "message": "m", "file": "a.py", "line": 7}}""", "m", "E", "a.py:7")]
    [TestCase("""{"error": {"deep": 1}}""", """{"deep": 1}""", null, null)]
    [TestCase("""{"message": "m"}""", "m", null, null)]
    [TestCase("[1]", "Nothing was said of why.", null, null)]
    [TestCase(null, "Nothing was said of why.", null, null)]
    public void Whatever_the_result_of_a_failure_looks_like_something_is_said(string? result, string message, string? kind, string? place)
    {
        var execution = Attune.AddExecution();
        Attune.Advance(execution.Id, ExecutionStatus.Failed, result);

        var failure = ExecutionFailure.Of(Attune.Executions[execution.Id])!;

        Assert.That((failure.Message, failure.Kind, failure.Place), Is.EqualTo((message, kind, place)));
    }

    [Test]
    public void An_execution_that_did_not_fail_has_no_error()
    {
        var execution = Attune.AddExecution();
        Attune.Advance(execution.Id, ExecutionStatus.Completed, """{"error": "none of yours"}""");

        Assert.That(OpenPage(execution.Id).FindAll(".failure"), Is.Empty);
    }

    [Test]
    public void Secrets_of_the_schema_and_usual_ones_are_nowhere_on_the_page()
    {
        Attune.Actions.Add(new()
        {
            Id = 1, Ref = "ops.deploy", Label = "Deploy", MaxRetries = 0, IsAdhoc = false, Created = Now, Updated = Now,
            ParamSchema = FakeAttune.Json("""{"login": {"properties": {"word": {"secret": true}}}}"""),
        });
        var execution = Attune.AddExecution(actionRef: "ops.deploy");
        Attune.Executions[execution.Id] = Attune.Executions[execution.Id] with
        {
            Config = FakeAttune.Json("""{"login": {"user": "ada", "word": "geheim-1"}, "headers": {"cookie": "geheim-2"}}"""),
        };
        Attune.Advance(execution.Id, ExecutionStatus.Completed, """{"data": {"headers": {"set-cookie": "geheim-3"}}}""");

        var page = OpenPage(execution.Id);

        Assert.That(page.Panel("Parameters").TextContent, Does.Contain("ada").And.Contain("••••••"));
        Assert.That(page.Markup, Does.Not.Contain("geheim"));
    }

    [Test]
    public void What_an_action_says_comes_line_by_line_while_it_runs_and_markup_stays_text()
    {
        var execution = Attune.AddExecution();
        var page = OpenPage(execution.Id);
        Assert.That(page.Headings(), Does.Not.Contain("Log"));

        Log.Say(execution.Id, "Sends GET to <b>example.com</b>:443.");
        Log.Say(execution.Id, "Answered 503.", ExecutionLineLevel.Warning);
        page.Until(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return page.FindAll(".lines li").Count == 2;
        });
        Assert.That(page.FindAll(".lines .text").Select(line => line.TextContent), Is.EqualTo((string[])
            ["Sends GET to <b>example.com</b>:443.", "Answered 503."]));
        Assert.That(page.Find(".lines .warning .level").TextContent, Is.EqualTo("Warning"));

        Log.Say(execution.Id, "Answered 200.");
        Attune.Advance(execution.Id, ExecutionStatus.Completed);
        page.Until(() => page.FindAll(".lines li").Count == 3);
    }

    [Test]
    public async Task An_execution_that_is_over_can_be_run_again()
    {
        var dialogs = Open<MudDialogProvider>();
        var execution = Attune.AddExecution();
        Attune.Advance(execution.Id, ExecutionStatus.Failed);
        var page = OpenPage(execution.Id);

        page.FindAll("button").Single(button => button.TextContent.Trim() == "Run again").Click();
        dialogs.Until(() => dialogs.FindAll("button").Any(button => button.TextContent.Trim() == "Run again"));
        await dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Run again").ClickAsync(new());

        var again = Attune.Executions.Values.Single(one => one.RerunOf == execution.Id);
        page.Until(() => Address == $"executions/{again.Id}");
        Assert.That(
            OpenPage(execution.Id).PropertyElement("Metadata", "Run again as").QuerySelector("a")!.GetAttribute("href"),
            Is.EqualTo($"executions/{again.Id}"));
    }

    [Test]
    public void The_history_names_changed_fields_from_what_to_what()
    {
        var execution = Attune.AddExecution();
        Advance(execution.Id, ExecutionStatus.Completed, 10, """{"ok": true}""");

        var newest = OpenPage(execution.Id).Panel("History").QuerySelectorAll("li")[0];

        Assert.That(newest.QuerySelector(".fields")!.TextContent, Is.EqualTo("status, result"));
        Assert.That(
            newest.QuerySelectorAll(".changes > div").Select(change => (Text(change, "dt"), Text(change, ".old"), Text(change, ".new"))),
            Is.EqualTo(((string, string, string)[])[("status", "requested", "completed"), ("result", "–", "object, 12 B")]));

        static string Text(AngleSharp.Dom.IElement change, string part) => change.QuerySelector(part)!.TextContent;
    }

    [Test]
    public void An_execution_leads_back_to_its_enforcement_and_event()
    {
        var source = Attune.AddEvent();
        var enforcement = Attune.AddEnforcement(source);

        var page = OpenPage(Attune.AddExecution(enforcement).Id);

        Assert.That(page.Panel("Lineage").QuerySelector($"a[href='events/{source.Id}']"), Is.Not.Null);
        Assert.That(page.Panel("Lineage").QuerySelector($"a[href='enforcements/{enforcement.Id}']"), Is.Not.Null);
    }

    [Test]
    public void An_enforcement_that_is_gone_reads_expired()
    {
        var page = OpenPage(Attune.AddExecution(enforcementId: 6).Id);

        Assert.That(page.Panel("Lineage").TextContent, Does.Contain("#6").And.Contain("expired"));
    }

    [Test]
    public void An_execution_that_is_not_there_is_expired_or_never_existed()
    {
        Assert.That(OpenPage(4711).Markup, Does.Contain("Execution #4711 is expired or never existed"));
    }

    [Test]
    public void Attempts_lead_to_one_another()
    {
        var (first, second, third) = (Attempt(0), Attempt(1), Attempt(2));
        foreach (var later in (long[])[second, third])
        {
            Attune.Executions[later] = Attune.Executions[later] with { OriginalExecution = first };
        }

        var links = OpenPage(second).Panel("Attempts").QuerySelectorAll("a").Select(link => link.GetAttribute("href"));

        Assert.That(links, Is.EqualTo((string[])[$"executions/{first}", $"executions/{third}"]));
        Assert.That(OpenPage(first).Panel("Attempts").QuerySelector("h2 .count")!.TextContent, Is.EqualTo("3 of at most 4"));
    }

    [Test]
    public void A_further_attempt_shows_by_itself()
    {
        var first = Attempt(0);
        var page = OpenPage(first);
        Assert.That(page.Panel("Attempts").QuerySelectorAll("a"), Is.Empty);

        var second = Attempt(1);
        Attune.Executions[second] = Attune.Executions[second] with { OriginalExecution = first };
        Attune.Advance(second, ExecutionStatus.Running);

        page.Until(() => page.Panel("Attempts").QuerySelector($"a[href='executions/{second}']") is not null);
    }

    [Test]
    public async Task An_execution_can_be_cancelled_while_it_is_not_over()
    {
        var dialogs = Open<MudDialogProvider>();
        var execution = Attune.AddExecution();
        var page = OpenPage(execution.Id);

        page.FindAll("button").Single(button => button.TextContent.Trim() == "Cancel").Click();
        dialogs.Until(() => dialogs.FindAll("button").Any(button => button.TextContent.Trim() == "Cancel execution"));
        Assert.That(Attune.Executions[execution.Id].Status, Is.EqualTo(ExecutionStatus.Requested), "it was only asked");
        await dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Cancel execution").ClickAsync(new());

        page.Until(() => page.Property("Overview", "Status") == "Cancelled");
        Assert.That(page.FindAll("button").Any(button => button.TextContent.Trim() == "Cancel"), Is.False);
    }

    [Test]
    public void An_execution_leads_to_its_worker()
    {
        Attune.Workers.Add(new Worker
        {
            Id = 9, Name = "shell-1", WorkerType = "remote", WorkerRole = "action", Status = "active",
            Created = Now, Updated = Now,
        });
        var execution = Attune.AddExecution();
        Attune.Advance(execution.Id, ExecutionStatus.Running, worker: 9);

        var link = OpenPage(execution.Id).PropertyElement("Metadata", "Worker").QuerySelector("a")!;

        Assert.That((link.TextContent, link.GetAttribute("href")), Is.EqualTo(("shell-1", "workers/9")));
    }

    // Fails, and may be followed by three.
    private long Attempt(int number)
    {
        var execution = Attune.AddExecution();
        Attune.Executions[execution.Id] = Attune.Executions[execution.Id] with { RetryCount = number, MaxRetries = 3 };
        Advance(execution.Id, ExecutionStatus.Failed, 10);
        return execution.Id;
    }

    private IRenderedComponent<ExecutionPage> OpenPage(long id) => Open<ExecutionPage>(parameters => parameters.Add(page => page.Id, id));

    private void Advance(long id, ExecutionStatus status, int milliseconds, string? result = null)
    {
        Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Attune.Advance(id, status, result);
    }
}
