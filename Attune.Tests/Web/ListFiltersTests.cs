using Attune.Modules.Enforcements;
using Attune.Web.Pages.Enforcements;
using Attune.Web.Pages.Events;
using Attune.Web.Pages.Executions;
using Attune.Web.Lists;
using Attune.Web.Pages.Rules;
using Attune.Web.Pages.Triggers;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Tests.Web;

public sealed class ListFiltersTests : PageTest
{
    [Test]
    public void The_address_says_which_events_are_listed()
    {
        var wanted = Attune.AddEvent("github.push", source: "webhook");
        Attune.AddEvent("github.push", source: "timer");
        Attune.AddEvent("core.webhook", source: "webhook");

        var page = OpenAt<EventsPage>("events?trigger=github.push&source=webhook&range=6h");

        Assert.That(page.Ids(), Is.EqualTo((long[])[wanted.Id]));
        Assert.That(Events.Asked[^1].Since, Is.EqualTo(Now.AddHours(-6)));
        Assert.That(Events.Asked[^1].Until, Is.Null);
    }

    [Test]
    public void Fixed_ends_are_half_open_and_in_any_zone()
    {
        OpenAt<EventsPage>("events?from=2026-03-01T00:00:00%2B01:00&to=2026-03-02T00:00:00Z");

        Assert.That(Events.Asked[^1].Since, Is.EqualTo(new DateTimeOffset(2026, 2, 28, 23, 0, 0, TimeSpan.Zero)));
        Assert.That(Events.Asked[^1].Until, Is.EqualTo(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public async Task A_chosen_filter_is_written_into_the_address()
    {
        var page = OpenAt<EventsPage>("events?source=webhook");
        var trigger = page.FindComponents<Combobox>().Single(filter => filter.Instance.Label == "Trigger").Find("input");

        await trigger.InputAsync(" github.push ");
        Assert.That(Address, Is.EqualTo("events?source=webhook"), "while somebody types");
        await trigger.KeyDownAsync(Key.Enter);

        Assert.That(Address, Is.EqualTo("events?trigger=github.push&source=webhook"));
    }

    [Test]
    public void What_was_not_understood_of_an_address_is_said_and_no_row_is_shown()
    {
        Attune.AddEnforcement(Attune.AddEvent());

        var page = OpenAt<EnforcementsPage>("enforcements?event=abc&status=created,banana&range=soon&color=red&rule=ops.deploy&after=x");

        Assert.That(page.FindAll("[role=alert] code").Select(said => said.TextContent), Is.EqualTo((string[])
            ["event=abc", "status=banana", "range=soon", "after=x", "color=red"]));
        Assert.That(page.Find("[role=alert]").TextContent, Does.Contain("one or more of created, processed, disabled"));
        Assert.That(page.FindAll("td.id, table"), Is.Empty);
        Assert.That(Enforcements.Asked, Is.Empty);
    }

    [Test]
    public void Each_mistake_can_be_left_out_by_itself()
    {
        var page = OpenAt<EnforcementsPage>("enforcements?status=banana&rule=ops.deploy");

        Assert.That(page.Find("[role=alert] a.out").GetAttribute("href"), Is.EqualTo("enforcements?rule=ops.deploy"));
        Navigation.NavigateTo("enforcements?rule=ops.deploy");

        page.Until(() => Enforcements.Asked.Count > 0);
        Assert.That(page.FindAll("[role=alert]"), Is.Empty);
    }

    [Test]
    public void An_address_of_every_list_is_read_as_strictly()
    {
        Assert.That(Said<EventsPage>("events?result=banana&from=yesterday"), Is.EqualTo((string[])["result=banana", "from=yesterday"]));
        Assert.That(Said<ExecutionsPage>("executions?status=ok&parent=-1"), Is.EqualTo((string[])["status=ok", "parent=-1"]));
        Assert.That(Said<RulesPage>("rules?state=on&after=x"), Is.EqualTo((string[])["state=on", "after=x"]));
        Assert.That(Said<TriggersPage>("triggers?page=2"), Is.EqualTo((string[])["page=2"]));
        Assert.That(Said<EventsPage>("events?trigger=a.b&trigger=c.d"), Is.EqualTo((string[])["trigger=a.b, c.d"]));
    }

    private IEnumerable<string> Said<TPage>(string address) where TPage : IComponent =>
        [.. OpenAt<TPage>(address).FindAll("[role=alert] code").Select(said => said.TextContent)];

    [Test]
    public void Several_statuses_stand_in_one_address()
    {
        var resolved = Attune.AddEnforcement(Attune.AddEvent());
        Attune.Resolve(resolved.Id, EnforcementStatus.Disabled);
        var pending = Attune.AddEnforcement(Attune.AddEvent());
        var processed = Attune.AddEnforcement(Attune.AddEvent());
        Attune.Resolve(processed.Id);

        var page = OpenAt<EnforcementsPage>("enforcements?status=created,disabled");

        Assert.That(page.Ids(), Is.EqualTo((long[])[pending.Id, resolved.Id]));
    }

    [Test]
    public async Task Pending_only_is_the_status_created()
    {
        var page = OpenAt<EnforcementsPage>("enforcements?event=5");
        var pendingOnly = page.FindComponents<MudSwitch<bool>>().Single(one => one.Instance.Label == "Pending only");

        await page.InvokeAsync(() => pendingOnly.Instance.ValueChanged.InvokeAsync(true));

        Assert.That(Address, Is.EqualTo("enforcements?event=5&status=created"));
        page.Until(() => Enforcements.Asked[^1].Statuses is [EnforcementStatus.Created]);
    }

    [Test]
    public void A_pending_enforcement_has_the_same_name_in_filter_and_list()
    {
        Attune.AddEnforcement(Attune.AddEvent());

        var page = OpenAt<EnforcementsPage>("enforcements?status=created");

        Assert.That(page.Find(".status .chosen").TextContent, Is.EqualTo("Pending"));
        Assert.That(page.Find("td.status").TextContent, Is.EqualTo("Pending"));
        Assert.That(page.Find("td[data-label='Resolved At']").TextContent.Trim(), Is.EqualTo("Pending"));
    }

    [Test]
    public void A_list_does_not_read_the_filter_of_the_page_for_which_it_is_left()
    {
        OpenAt<EventsPage>("events?trigger=github.push");
        var asked = Events.Asked.Count;

        Navigation.NavigateTo("executions?trigger=core.webhook");

        Assert.That(Events.Asked, Has.Count.EqualTo(asked));
    }

    [Test]
    public void Executions_are_found_by_enforcement_rule_action_and_status()
    {
        OpenAt<ExecutionsPage>("executions?enforcement=%23103&rule=ops.deploy&action=core.echo&status=failed,timeout&trigger=a.b&parent=9");

        var asked = Executions.Asked[^1];
        Assert.That(asked.Enforcement, Is.EqualTo(103));
        Assert.That(asked.RuleRef, Is.EqualTo("ops.deploy"));
        Assert.That(asked.ActionRef, Is.EqualTo("core.echo"));
        Assert.That(asked.TriggerRef, Is.EqualTo("a.b"));
        Assert.That(asked.Parent, Is.EqualTo(9));
        Assert.That(asked.Statuses, Is.EqualTo((ExecutionStatus[])[ExecutionStatus.Failed, ExecutionStatus.Timeout]));
    }

    [Test]
    public void An_empty_list_and_a_list_without_matches_read_differently()
    {
        var page = OpenAt<EventsPage>("events");
        Assert.That(page.Markup, Does.Contain("Nothing has happened yet"));

        Navigation.NavigateTo("events?trigger=no.such&range=6h");
        page.Until(() => page.Markup.Contains("No events in the last 6 hours match", StringComparison.Ordinal));

        Assert.That(page.FindAll(".ways a").Select(way => way.GetAttribute("href")), Is.EqualTo((string[])
            ["events?trigger=no.such&range=7d", "events?trigger=no.such", "events?range=6h", "events"]));
    }
}
