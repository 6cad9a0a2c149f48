using Attune.Modules.Enforcements;
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
