using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Pages.Failures;
using Attune.Web.Pages.Jobs;
using Attune.Web.Shared;
using Bunit;
using CsCheck;
using MudBlazor;

namespace Attune.Tests.Web;

public sealed class FailuresPageTests : PageTest
{
    private static readonly Gen<string?> AnyText = Gen.OneOfConst(null, "a.b", "x & y=z #1", "Order # was refused");

    [Test]
    public void Failures_of_the_last_day_are_grouped_unless_another_range_is_asked_for()
    {
        Failures.Groups.Add(Group());

        var page = OpenAt("");

        Assert.That(Failures.Asked.Single().Since, Is.EqualTo(Now.AddHours(-24)));
        Assert.That(page.Find(".sum").TextContent, Does.StartWith("3 executions in 1 group."));
        Assert.That(page.Find(".error").TextContent, Is.EqualTo("Order # was <b>refused</b>"));
        Assert.That(page.FindAll(".spark rect"), Has.Count.EqualTo(2));
        Assert.That(OpenAt("?range=7d&action=ops.deploy").FindAll(".groups"), Is.Not.Empty);
        Assert.That((Failures.Asked[1].Since, Failures.Asked[1].ActionRef), Is.EqualTo((Now.AddDays(-7), "ops.deploy")));
    }

    [Test]
    public void The_executions_of_a_group_are_shown_when_its_address_is_opened()
    {
        Failures.Groups.Add(Group());
        Failures.Members.Add(Member(7));
        var link = OpenAt("?range=7d").FindAll(".do a").Single(one => one.TextContent == "See them").GetAttribute("href")!;

        var page = OpenAt(link[link.IndexOf('?', StringComparison.Ordinal)..]);

        Assert.That(page.Find(".members a.number").GetAttribute("href"), Is.EqualTo("executions/7"));
        Assert.That(link, Does.Contain("range=7d"));
    }

    [Test]
    public async Task All_of_a_group_are_run_again_as_a_job_that_begins_when_it_is_confirmed()
    {
        Failures.Groups.Add(Group());
        Failures.Members.AddRange([Member(9), Member(8), Member(7)]);
        var page = OpenAt("");

        await page.FindAll("button").Single(button => button.TextContent.Trim() == "Run all again").ClickAsync(new());

        Assert.That(Failures.Made.Single().Ids, Is.EqualTo((long[])[7, 8, 9]), "oldest first");
        var job = Failures.Jobs.Values.Single();
        Assert.That(Address, Is.EqualTo($"jobs/{job.Id}"));
        var draft = Open<JobPage>(parameters => parameters.Add(one => one.Id, job.Id));
        Assert.That(draft.Find("h1").TextContent, Is.EqualTo("Run 3 executions again"));
        Assert.That(draft.FindAll(".sample a").Select(link => link.TextContent), Is.EqualTo((string[])["#7", "#8", "#9"]));
        Assert.That(draft.FindAll("progress"), Is.Empty);

        await Button(draft, "Begin with 3").ClickAsync(new());
        Assert.That(Failures.Jobs[job.Id].State, Is.EqualTo(JobState.Running));

        await Button(draft, "Pause").ClickAsync(new());
        Assert.That(draft.Find(".chip").TextContent, Is.EqualTo("Paused"));
        await Button(draft, "Go on").ClickAsync(new());
        Assert.That(Failures.Jobs[job.Id].State, Is.EqualTo(JobState.Running));
    }

    [Test]
    public void The_progress_of_a_job_is_looked_at_while_it_runs()
    {
        Failures.Jobs[5] = new()
        {
            Id = 5, Kind = JobKind.RerunExecutions, State = JobState.Running, Options = new(), Total = 4, Done = 1, Failed = 0, Created = Now,
        };
        Failures.Items.Add(new() { Number = 1, Item = 70, Outcome = JobOutcome.Done, Result = 90 });
        Failures.Items.Add(new() { Number = 2, Item = 71, Outcome = JobOutcome.Failed, Reason = "The action is <i>gone</i>." });
        var page = OpenAt<JobPage>("jobs/5", parameters => parameters.Add(one => one.Id, 5));
        Assert.That(page.Find(".how-far p").TextContent, Is.EqualTo("1 done, 0 failed, 3 left."));
        Assert.That(page.FindAll(".items td a").Select(link => link.GetAttribute("href")), Is.EqualTo((string[])
            ["executions/70", "executions/90", "executions/71"]));
        Assert.That(page.Find(".items .reason").TextContent, Is.EqualTo("The action is <i>gone</i>."));

        Failures.Jobs[5] = Failures.Jobs[5] with { State = JobState.Completed, Done = 3, Failed = 1 };
        page.Until(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            return page.Find(".how-far p").TextContent == "3 done, 1 failed, 0 left.";
        });

        Assert.That(page.Find(".chip").TextContent, Is.EqualTo("Completed, some failed"));
        page.FindAll(".segments button").Single(button => button.TextContent == "Failed").Click();
        page.Until(() => page.FindAll(".items tbody tr").Count == 1);
        Assert.That(Address, Is.EqualTo("jobs/5?outcome=failed"));
    }

    [Test]
    public void What_an_address_of_jobs_says_wrongly_is_said()
    {
        Failures.Jobs[5] = new()
        {
            Id = 5, Kind = JobKind.RerunExecutions, State = JobState.Running, Options = new(), Total = 4, Done = 1, Failed = 0, Created = Now,
        };

        var list = OpenAt<JobsPage>("jobs?state=running");
        Assert.That(list.Find(".misunderstood code").TextContent, Is.EqualTo("state=running"));
        Assert.That(list.FindAll("td.wide"), Is.Empty);

        var job = OpenAt<JobPage>("jobs/5?outcome=banana", parameters => parameters.Add(one => one.Id, 5));
        Assert.That(job.Find(".misunderstood code").TextContent, Is.EqualTo("outcome=banana"));
        Assert.That(job.FindAll(".items"), Is.Empty);
    }

    [Test]
    public async Task A_job_is_aborted_after_a_question_and_then_offers_nothing_more()
    {
        var dialogs = Open<MudDialogProvider>();
        Failures.Jobs[5] = new()
        {
            Id = 5, Kind = JobKind.RerunExecutions, State = JobState.Running, Options = new(), Total = 4, Done = 1, Failed = 0, Created = Now,
        };
        Failures.Items.Add(new() { Number = 2, Item = 71 });
        var page = Open<JobPage>(parameters => parameters.Add(one => one.Id, 5));

        Button(page, "Abort").Click();
        dialogs.Until(() => dialogs.FindAll("button.stay").Count == 1);
        await dialogs.Find("button.stay").ClickAsync(new());
        Assert.That(Failures.Jobs[5].State, Is.EqualTo(JobState.Running), "not without a yes");
        Button(page, "Abort").Click();
        dialogs.Until(() => dialogs.FindAll("button.go").Count == 1);
        await dialogs.Find("button.go").ClickAsync(new());

        page.Until(() => page.Find(".chip").TextContent == "Aborted");
        Assert.That(page.FindAll("button").Select(button => button.TextContent.Trim()), Has.None.AnyOf("Abort", "Pause", "Go on"));
        Assert.That(page.Find(".how-far p").TextContent, Is.EqualTo("1 done, 0 failed, 3 not done."));
        Assert.That(page.Find(".items .none").TextContent, Is.EqualTo("Not done"));
    }

    [Test]
    public void What_the_module_refuses_is_said()
    {
        Failures.Refusal = RefusedException.Invalid("since", "Too many results would have to be read.");

        Assert.That(OpenAt("").Find("[role=alert]").TextContent, Is.EqualTo("Too many results would have to be read."));
    }

    [Test]
    public void A_range_that_is_none_is_said_and_nothing_is_grouped()
    {
        Failures.Groups.Add(Group());

        var page = OpenAt("?range=banana");

        Assert.That(page.Find("[role=alert]").TextContent, Does.Contain("range=banana"));
        Assert.That(page.FindAll(".groups"), Is.Empty);
    }

    [Test]
    public void Jobs_are_listed_and_a_job_that_is_not_there_is_said()
    {
        Assert.That(Open<JobsPage>().Markup, Does.Contain("There is no job"));
        Failures.Jobs[5] = new()
        {
            Id = 5, Kind = JobKind.ReplayEvents, State = JobState.Completed, Options = new(), Total = 1, Done = 1, Failed = 0, Created = Now,
        };

        Assert.That(Open<JobsPage>().Find("td.wide").TextContent, Is.EqualTo("Send 1 event again"));
        Assert.That(Open<JobPage>(parameters => parameters.Add(one => one.Id, 6)).Markup, Does.Contain("Job #6 was pruned or never existed"));
    }

    [Test]
    public void The_filter_is_read_from_the_address_as_it_was_written() => Gen.Select(
        AnyText, AnyText, AnyText, AnyText, Gen.OneOfConst(TimeFilter.Any, TimeFilter.Of(TimeSpan.FromHours(6)))).Sample(
        (action, rule, of, error, range) =>
        {
            var filter = new FailuresFilter { Action = action, Rule = rule, Of = of, Error = error, Range = range };

            Assert.That(FailuresFilter.Parse(AddressQuery.Of(filter.Address)), Is.EqualTo(filter));
        });

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<JobPage> page, string text) =>
        page.FindAll("button").Single(button => button.TextContent.Trim() == text);

    private FailureGroup Group() => new()
    {
        ActionRef = "ops.deploy", Error = "Order # was <b>refused</b>", Count = 3, First = Now.AddHours(-9), Last = Now.AddHours(-1),
        Sample = 9, SampleError = "Order 3 was <b>refused</b>", Counts = [2, .. new long[22], 1],
    };

    private FailedExecution Member(long id) => new()
    {
        Id = id, ActionRef = "ops.deploy", Status = ExecutionStatus.Failed, Error = $"Order {id} was <b>refused</b>", Created = Now,
    };

    private IRenderedComponent<FailuresPage> OpenAt(string query) => OpenAt<FailuresPage>($"executions/failures{query}");
}
