using Attune.Web.Pages.Home;
using Bunit;

namespace Attune.Tests.Web;

public sealed class FindingsTests : PageTest
{
    [Test]
    public void No_finding_shows_while_all_is_well()
    {
        Assert.That(Open<Findings>().Markup.Trim(), Is.Empty);
    }

    [Test]
    public void A_finding_is_named_and_leads_to_its_rows()
    {
        Health.NotWell = new Dictionary<string, string>
        {
            ["waiting_executions"] = "3 executions waiting for a worker, the oldest for 9 minutes: no active worker takes their actions",
            ["background_jobs"] = "background jobs whose last run failed: <b>one</b>",
        };

        var page = Open<Findings>();

        Assert.That(page.Find("strong").TextContent, Is.EqualTo("2 things need looking into"));
        Assert.That(page.Find("li a").GetAttribute("href"), Is.EqualTo("executions?status=requested"));
        Assert.That(page.FindAll("li")[1].TextContent.Trim(), Is.EqualTo("Background jobs whose last run failed: <b>one</b>."));
    }

    [Test]
    public void The_overview_looks_for_findings_again_though_nothing_changes()
    {
        var page = Open<Findings>();
        Health.NotWell = new Dictionary<string, string> { ["listener"] = "the connection is down" };

        Clock.Advance(TimeSpan.FromMinutes(1));

        page.Until(() => page.Markup.Contains("One thing needs looking into", StringComparison.Ordinal));
    }
}
