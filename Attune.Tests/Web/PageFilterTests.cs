using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Lists;
using Attune.Web.Pages.Actions;
using Attune.Web.Pages.Backtests;
using Attune.Web.Pages.Enforcements;
using Attune.Web.Pages.Events;
using Attune.Web.Pages.Executions;
using Attune.Web.Pages.Jobs;
using Attune.Web.Pages.Rules;
using Attune.Web.Pages.Rules.Editing;
using Attune.Web.Pages.Triggers;
using Attune.Web.Pages.Workers;
using Attune.Web.Shared;
using CsCheck;

namespace Attune.Tests.Web;

public sealed class PageFilterTests
{
    private const int Enough = 10_000;

    // What addresses have to escape, in any order, beside what has to survive as it is.
    private static readonly Gen<string?> Texts = Gen.Char["ab.é漢 &=?#%+/\\\"'<>"].Array[0, 8]
        .Select(characters => AddressQuery.ParseText(new string(characters)));

    private static readonly Gen<long?> Ids = Gen.OneOf(Gen.Const((long?)null), Gen.Long[0, long.MaxValue].Select(id => (long?)id));

    private static readonly Gen<DateTimeOffset?> Instants = Gen.OneOf(
        Gen.Const((DateTimeOffset?)null),
        Gen.Long[0, 400L * 365 * 24 * 3600 * 1_000_000].Select(microseconds =>
            (DateTimeOffset?)new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(microseconds * 10)));

    private static readonly Gen<TimeFilter> Ranges = Gen.OneOf(
        Gen.Int[1, 365 * 24 * 60].Select(minutes => TimeFilter.Of(TimeSpan.FromMinutes(minutes))),
        Gen.Select(Instants, Instants, (one, other) => TimeFilter.Between(one < other ? one : other, one < other ? other : null)));

    private static readonly Gen<EventResult?> Results = Gen.OneOf(
        Gen.Const((EventResult?)null), Gen.OneOfConst(Enum.GetValues<EventResult>()).Select(result => (EventResult?)result));

    private static readonly Gen<EventsFilter> Events = Gen.Select(
        Texts, Texts, Gen.Select(Texts, Texts), Texts, Results, Ranges,
        Gen.Select(Gen.OneOfConst(null, "trigger"), Gen.OneOfConst(null, "total", "alerts[*].status", "$[\"a & b\"]")),
        (trigger, rule, texts, source, result, range, charts) => new EventsFilter
        {
            Trigger = trigger, Rule = rule, Target = texts.Item1, Search = texts.Item2, Source = source, Result = result, Range = range,
            By = charts.Item1, Chart = charts.Item2,
        });

    private static readonly Gen<EnforcementsFilter> Enforcements = Gen.Select(
        Texts, Texts, Ids, Some<EnforcementStatus>(), Ranges, (rule, trigger, source, statuses, range) =>
            new EnforcementsFilter { Rule = rule, Trigger = trigger, Event = source, Status = new(statuses), Range = range });

    private static readonly Gen<ExecutionsFilter> Executions = Gen.Select(
        Texts, Texts, Gen.Select(Texts, Texts), Ids, Ids, Some<ExecutionStatus>(), Ranges,
        (action, rule, texts, enforcement, parent, statuses, range) =>
            new ExecutionsFilter
            {
                Action = action, Rule = rule, Trigger = texts.Item1, Search = texts.Item2, Enforcement = enforcement, Parent = parent,
                Status = new(statuses), Range = range,
            });

    private static readonly Gen<DeliveriesFilter> Deliveries = Gen.Select(
        Some<DeliveryOutcome>(), Ranges, Ids, Instants, (outcomes, range, open, before) => new DeliveriesFilter
        {
            Outcome = new(outcomes), Range = range, Open = open,
            Before = before is { } at ? new Cursor(at, open ?? 1) : null,
        });

    private static readonly Gen<BacktestQuery> Backtests = Gen.OneOf(
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.OneOfConst([.. BacktestQuery.Ranges]), (version, range) =>
            new BacktestQuery { Version = version, Range = range }),
        Gen.Select(
            Texts, Texts, Gen.OneOfConst<ConditionJoin?>(null, ConditionJoin.All, ConditionJoin.Any),
            Gen.OneOfConst<BacktestList?>(null, BacktestList.Matches, BacktestList.NearMisses), Gen.Int[1, 1000],
            (conditions, trigger, join, list, page) =>
                new BacktestQuery { IsDraft = true, Trigger = trigger, Conditions = conditions, Join = join, List = list, Page = page }));

    private static readonly Gen<EditorQuery> Editors = Gen.Select(Texts, Ids, Texts, Texts, Texts, (trigger, id, expression, action, like) =>
        new EditorQuery { Trigger = trigger, Event = id, Expression = expression, Action = action, Like = like });

    private static readonly Gen<UnmatchedQuery> Unmatched = Gen.Select(Texts, Gen.OneOfConst([.. UnmatchedQuery.Ranges]), (trigger, range) =>
        new UnmatchedQuery { Trigger = trigger, Range = range });

    [Test]
    public void Every_filter_is_read_from_the_address_that_it_writes()
    {
        AddressesRead(Events, filter => filter.Address);
        AddressesRead(Editors, query => query.ToQuery().At(Urls.BlankRule));
        AddressesRead(Unmatched, query => query.Address);
        AddressesRead(Texts.Select(rule => new RuleHealthQuery { Rule = rule }), query => query.Address);
        AddressesRead(Gen.Select(Texts, Texts, (text, pack) => new ActionsFilter { Text = text, Pack = pack }), filter => filter.Address);
        AddressesRead(Gen.OneOfConst([.. WorkersQuery.Ranges]).Select(range => new WorkersQuery { Range = range }), query => query.Address);
        AddressesRead(
            Gen.OneOfConst<JobOutcome?>(null, JobOutcome.Done, JobOutcome.Failed).Select(one => new JobItemsFilter { Outcome = one }),
            filter => filter.Address(5));
        AddressesRead(Enforcements, filter => filter.Address);
        AddressesRead(Executions, filter => filter.Address);
        AddressesRead(
            Gen.Select(Texts, Texts, (search, trigger) => new RulesFilter { Search = search, Trigger = trigger }), filter => filter.Address);
        AddressesRead(Texts.Select(search => new TriggersFilter { Search = search }), filter => filter.Address);
        AddressesRead(Deliveries, filter => filter.Address("shop.order"));
        AddressesRead(Backtests, filter => filter.Address("ops.deploy"));
    }

    [Test]
    public void No_filter_is_the_plain_list()
    {
        Assert.That(new EventsFilter().Address, Is.EqualTo("events"));
        Assert.That(new EnforcementsFilter().Address, Is.EqualTo("enforcements"));
        Assert.That(new ExecutionsFilter().Address, Is.EqualTo("executions"));
        Assert.That(new RulesFilter().Address, Is.EqualTo("rules"));
        Assert.That(new BacktestQuery().Address("a.b"), Is.EqualTo("rules/a.b/backtest"));
    }

    // Addresses are kept in bookmarks and messages: they stay as they are.
    [Test]
    public void Addresses_spell_filters_as_they_always_did()
    {
        Assert.That(
            new EnforcementsFilter
            {
                Rule = "r.r", Trigger = "t.t", Event = 5, Status = [EnforcementStatus.Created, EnforcementStatus.Disabled],
                Range = TimeFilter.Of(TimeSpan.FromDays(7)),
            }.Address,
            Is.EqualTo("enforcements?rule=r.r&trigger=t.t&event=5&status=created%2Cdisabled&range=7d"));
        Assert.That(
            new ExecutionsFilter
            {
                Action = "a.a", Rule = "r.r", Trigger = "t.t", Enforcement = 8, Parent = 9, Status = [ExecutionStatus.Timeout],
                Range = TimeFilter.Between(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), null),
            }.Address,
            Is.EqualTo("executions?action=a.a&rule=r.r&trigger=t.t&enforcement=8&parent=9&status=timeout&from=2026-01-02T02%3A04%3A05Z"));
        Assert.That(new EventsFilter { Trigger = "a&b=c.d#e" }.Address, Is.EqualTo("events?trigger=a%26b%3Dc.d%23e"));
        Assert.That(
            new BacktestQuery { IsDraft = true, Join = ConditionJoin.Any, Conditions = "[]", Range = BacktestQuery.Ranges[2] }
                .Address("a.b"),
            Is.EqualTo("rules/a.b/backtest?try=draft&range=30d&join=any&conditions=%5B%5D"));
    }

    [Test]
    public void A_range_with_two_ends_is_one_filter()
    {
        var range = TimeFilter.Between(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));

        Assert.That(new EventsFilter { Range = range }.ToQuery().Count, Is.EqualTo(1));
        Assert.That(new EventsFilter { Rule = "r.r", Range = range }.ToQuery().Count, Is.EqualTo(2));
        Assert.That(new EventsFilter().ToQuery().Count, Is.Zero);
    }

    [Test]
    public void A_draft_that_is_too_long_for_an_address_is_left_out()
    {
        var query = new BacktestQuery { IsDraft = true, Conditions = new string('1', BacktestQuery.MostCharacters + 1) };

        Assert.That(query.Address("a.b"), Is.EqualTo("rules/a.b/backtest?try=draft"));
    }

    [TestCase("15m")]
    [TestCase("1h")]
    [TestCase("24h")]
    [TestCase("7d")]
    [TestCase("90d")]
    public void A_relative_range_reads_as_it_was_written(string text)
    {
        Assert.That(Range(text).LastText, Is.EqualTo(text));
    }

    [TestCase("0h")]
    [TestCase("-1h")]
    [TestCase("1y")]
    [TestCase("h")]
    [TestCase("99999999999d")]
    [TestCase("")]
    public void Any_other_range_does_not_filter(string text)
    {
        Assert.That(Range(text).IsAny, Is.True);
    }

    [TestCase("github.push", null, true)]
    [TestCase("core.webhook", null, false)]
    [TestCase(null, null, true)]
    [TestCase("github.push", "ops.other", false)]
    public void A_change_concerns_a_list_unless_it_names_something_else(string? trigger, string? rule, bool expected)
    {
        var filter = new EventsFilter { Trigger = "github.push", Rule = "ops.deploy" };
        var change = new Change
        {
            Channel = Channels.EnforcementCreated, EntityType = "enforcement", Id = 1, TriggerRef = trigger, RuleRef = rule,
        };

        Assert.That(filter.Concerns(change), Is.EqualTo(expected));
    }

    private static TimeFilter Range(string text) => TimeFilter.Parse(AddressQuery.Of($"events?range={text}"));

    private static void AddressesRead<TFilter>(Gen<TFilter> filters, Func<TFilter, string> write)
        where TFilter : IPageFilter<TFilter>, IEquatable<TFilter> =>
        filters.Sample(
            filter =>
            {
                var query = AddressQuery.Of(write(filter));
                return TFilter.Parse(query).Equals(filter) && query.Mistakes.Count == 0;
            },
            iter: Enough, print: write);

    // Any of the statuses, in the order of the life cycle.
    private static Gen<TStatus[]> Some<TStatus>() where TStatus : struct, Enum =>
        Gen.Int[0, (1 << Enum.GetValues<TStatus>().Length) - 1]
            .Select(chosen => Enum.GetValues<TStatus>().Where((_, index) => (chosen & (1 << index)) != 0).ToArray());
}
