using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.History;
using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Workers;
using Bunit;

namespace Attune.Tests.Web;

public sealed class WorkerPagesTests : PageTest
{
    [Test]
    public void The_list_shows_each_workers_kind_actions_and_leased_executions_the_living_first()
    {
        AddWorker(1, "a-lost", "inactive", """{"actions": []}""");
        AddWorker(2, "b-lives", "active", """{"actions": ["demo.b", "demo.a", "demo.c"]}""");
        Take(2);

        var rows = Open<WorkersPage>().FindAll("tbody tr");

        Assert.That(rows.Select(row => row.QuerySelector("a.open")!.TextContent), Is.EqualTo((string[])["b-lives", "a-lost"]));
        Assert.That(rows[0].QuerySelector("a.open")!.GetAttribute("href"), Is.EqualTo("workers/2"));
        Assert.That(Cell(rows[0], "Kind"), Is.EqualTo("Remote"));
        Assert.That(Cell(rows[0], "Actions"), Is.EqualTo("demo.a+2"));
        Assert.That(Cell(rows[0], "Leased"), Is.EqualTo("1"));
        Assert.That(Cell(rows[1], "Actions"), Is.EqualTo("None named"));
        Assert.That(Cell(rows[1], "Leased"), Is.EqualTo("–"));
    }

    [Test]
    public void A_heartbeat_shows_its_age_only_of_an_inactive_worker()
    {
        AddWorker(1, "lives", "active");
        AddWorker(2, "lost", "inactive");

        var rows = Open<WorkersPage>().FindAll("tbody tr");

        Assert.That(Cell(rows[0], "Last heartbeat"), Is.EqualTo("within 90 s"));
        Assert.That(Cell(rows[1], "Last heartbeat"), Is.EqualTo("seen 2 min ago"));
    }

    [Test]
    public void The_list_follows_a_worker_that_is_lost()
    {
        AddWorker(1, "one", "active");
        var page = Open<WorkersPage>();

        Attune.Workers[0] = Attune.Workers[0] with { Status = "inactive" };
        Attune.Publish(Channels.WorkerStatusChanged, "worker", 1);

        page.Until(() => page.Markup.Contains("Inactive", StringComparison.Ordinal));
    }

    [Test]
    public void A_worker_shows_its_leased_executions_and_its_history()
    {
        AddWorker(7, "one", "active", """{"actions": ["demo.<b>a</b>"]}""");
        var held = Take(7);
        Attune.History.Add(new HistoryEntry
        {
            Time = Now, Sequence = 1, Operation = "UPDATE", EntityId = 7, EntityRef = "one", ChangedFields = ["status"],
            OldValues = FakeAttune.Json("""{"status": "inactive"}"""), NewValues = FakeAttune.Json("""{"status": "active"}"""),
        });

        var page = OpenWorker(7);

        Assert.That(page.Ids(), Is.EqualTo((long[])[held]));
        Assert.That(page.Panel("Actions").TextContent, Does.Contain("demo.<b>a</b>"));
        Assert.That(page.Panel("History").TextContent, Does.Contain("inactive").And.Contain("active"));
    }

    [Test]
    public void Executions_that_a_worker_leases_and_finishes_come_and_go_by_themselves()
    {
        AddWorker(7, "one", "active");
        var page = OpenWorker(7);
        Assert.That(page.Panel("Leased executions").TextContent, Does.Contain("waits for the next"));

        var taken = Take(7);
        page.Until(() => page.Ids().Count == 1);
        Attune.Advance(taken, ExecutionStatus.Completed);

        page.Until(() => page.Ids().Count == 0);
    }

    [Test]
    public void A_worker_that_is_not_there_is_said_not_to_be()
    {
        Assert.That(OpenWorker(4711).Markup, Does.Contain("There is no worker of this number"));
    }

    [Test]
    public void The_overview_leads_to_each_worker()
    {
        AddWorker(7, "one", "active");

        var page = Open<WorkersPanel>();

        Assert.That(page.Find("li a").GetAttribute("href"), Is.EqualTo("workers/7"));
        Assert.That(page.FindAll("a[href='workers']"), Has.Count.EqualTo(1));
    }

    [Test]
    public void The_range_of_the_time_lines_stands_in_the_address_and_a_wrong_one_is_said()
    {
        AddWorker(7, "one", "active");

        var page = OpenAt<WorkersPage>("workers?range=7d");
        Assert.That(page.Find(".ranges [aria-current]").TextContent, Is.EqualTo("7 d"));
        Assert.That(page.FindAll(".ranges a").Select(link => link.GetAttribute("href")), Is.EqualTo(
            (string[])["workers", "workers?range=7d", "workers?range=30d"]));

        Navigation.NavigateTo("workers?range=8d");
        page.Until(() => page.FindAll(".misunderstood code") is [{ TextContent: "range=8d" }]);
        Assert.That(page.FindAll("tbody tr"), Is.Empty);
    }

    private static string Cell(AngleSharp.Dom.IElement row, string label) =>
        row.QuerySelector($"td[data-label='{label}']")!.TextContent.Trim();

    private IRenderedComponent<WorkerPage> OpenWorker(long id) => Open<WorkerPage>(parameters => parameters.Add(page => page.Id, id));

    private long Take(long worker)
    {
        var execution = Attune.AddExecution();
        Attune.Advance(execution.Id, ExecutionStatus.Running, worker: worker);
        return execution.Id;
    }

    private void AddWorker(long id, string name, string status, string? capabilities = null) => Attune.Workers.Add(new Worker
    {
        Id = id, Name = name, WorkerType = "remote", WorkerRole = "action", Status = status, Created = Now, Updated = Now,
        Capabilities = capabilities is null ? null : FakeAttune.Json(capabilities), LastHeartbeat = Now.AddMinutes(-2),
    });
}
