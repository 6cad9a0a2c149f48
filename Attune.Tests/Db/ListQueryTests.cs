using Attune.Db.Http;
using Microsoft.AspNetCore.Http;

namespace Attune.Tests.Db;

/// <summary>What a list route reads from its query string: paging never fails, a filter that cannot be read always does.</summary>
[TestFixture]
public sealed class ListQueryTests
{
    [TestCase("", 1, 50)]
    [TestCase("?page=&per_page=", 1, 50)]
    [TestCase("?page=3&per_page=10", 3, 10)]
    [TestCase("?page=3&page_size=10", 3, 10)]
    [TestCase("?per_page=20&page_size=10", 1, 20)]
    [TestCase("?page=0&per_page=0", 1, 1)]
    [TestCase("?page=-5&per_page=-5", 1, 1)]
    [TestCase("?per_page=1000000", 1, 100)]
    [TestCase("?page=999999999999999999999999&per_page=999999999999999999999999", 1_000_000_000, 100)]
    [TestCase("?page=-999999999999999999999999", 1, 50)]
    [TestCase("?page=99999999999999999999999999999999999999999999", 1_000_000_000, 50)]
    public void Numbers_out_of_range_are_clamped_and_the_clamped_ones_are_echoed(string query, int page, int size)
    {
        var read = Read<PageQuery>(query);

        var echoed = read.Listing(new Page<int>([], null)).Pagination;
        Assert.That((echoed.Page, echoed.PageSize), Is.EqualTo((page, size)));
        Assert.That(read.Request.Offset, Is.EqualTo((page - 1L) * size));
    }

    [TestCase("?page=1e3")]
    [TestCase("?page=1.5")]
    [TestCase("?page=one")]
    [TestCase("?per_page=0x10")]
    [TestCase("?per_page=1&per_page=2")]
    [TestCase("?page=1e999999")]
    public void Text_that_is_no_whole_number_is_refused(string query)
    {
        var refused = Assert.Throws<RefusedException>(() => Read<PageQuery>(query))!;

        Assert.That(refused.Kind, Is.EqualTo(RefusalKind.Malformed));
        Assert.That(refused.Field, Is.AnyOf("page", "per_page"));
    }

    [Test]
    public void A_cursor_that_no_list_gave_out_is_refused() => Refused("cursor", () => Read<PageQuery>("?cursor=nonsense"));

    [Test]
    public void A_cursor_takes_the_place_of_the_pages_number()
    {
        var cursor = new Cursor(DateTimeOffset.UnixEpoch, 7);

        var read = Read<PageQuery>($"?page=9&cursor={cursor}");

        Assert.That(read.Request.After, Is.EqualTo(cursor));
        Assert.That(read.Request.Offset, Is.Zero);
        Assert.That(read.Listing(new Page<int>([1], null)).Pagination.HasPrevious, Is.True);
    }

    [TestCase("true", true)]
    [TestCase("1", true)]
    [TestCase("false", false)]
    [TestCase("", false)]
    public void A_total_is_there_only_when_it_was_asked_for(string asked, bool there) =>
        Assert.That(Read<PageQuery>($"?include_total={asked}").Request.IncludeTotal, Is.EqualTo(there));

    [TestCase("maybe")]
    [TestCase("yes")]
    public void Text_that_is_neither_true_nor_false_is_refused(string asked) =>
        Refused("include_total", () => Read<PageQuery>($"?include_total={asked}"));

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(10, 1)]
    [TestCase(11, 2)]
    public void The_number_of_pages_is_rounded_up(long items, long pages)
    {
        var read = Read<PageQuery>("?per_page=10&include_total=true");

        Assert.That(read.Listing(new Page<int>([], null, Total.Of(items))).Pagination.TotalPages, Is.EqualTo(pages));
    }

    [TestCase("2026-02-27T16:34:17Z", "2026-02-27T16:34:17Z")]
    [TestCase("2026-02-27T16:34:17.5-06:00", "2026-02-27T22:34:17.5Z")]
    [TestCase("2026-02-27T16:34:17+02:00", "2026-02-27T14:34:17Z")]
    [TestCase("2026-02-27T16:34:17", "2026-02-27T16:34:17Z")]
    [TestCase("2026-02-27%2016:34", "2026-02-27T16:34:00Z")]
    [TestCase("2026-02-27", "2026-02-27T00:00:00Z")]
    public void An_instant_without_an_offset_is_utc_and_a_plus_sign_may_have_become_a_space(string sent, string meant) =>
        Assert.That(
            Read<ThingQuery>($"?since={sent}").Since,
            Is.EqualTo(DateTimeOffset.Parse(meant, System.Globalization.CultureInfo.InvariantCulture)));

    [TestCase("yesterday")]
    [TestCase("1772210057")]
    [TestCase("2026-13-01T00:00:00Z")]
    [TestCase("16:34:17")]
    [TestCase("01/02/2026 10:00")]
    [TestCase("31 January 2026")]
    public void Text_that_is_no_instant_is_refused(string sent) => Refused("since", () => Read<ThingQuery>($"?since={sent}"));

    [TestCase("1.5")]
    [TestCase("9223372036854775808")]
    [TestCase("abc")]
    public void Text_that_is_no_id_is_refused(string sent) => Refused("event", () => Read<ThingQuery>($"?event={sent}"));

    [Test]
    public void A_nul_character_is_refused_and_never_reaches_the_server() =>
        Refused("ref", () => Read<ThingQuery>("?ref=a%00b"));

    [Test]
    public void A_value_of_an_enumeration_is_spelled_in_snake_case_and_the_refusal_lists_them_all()
    {
        Assert.That(
            Read<ThingQuery>("?kind=too_large,%20NOT_FOUND,").Kind,
            Is.EqualTo((RefusalKind[])[RefusalKind.TooLarge, RefusalKind.NotFound]));
        Assert.That(Read<ThingQuery>("?kind=").Kind, Is.Empty);

        var refused = Refused("kind", () => Read<ThingQuery>("?kind=TooLarge"));
        Assert.That(refused.Message, Does.Contain("too_large").And.Contain("conflict"));
        Refused("kind", () => Read<ThingQuery>("?kind=5"));
    }

    [TestCase("?event=1&event=2", "event")]
    [TestCase("?ref=a&ref=b", "ref")]
    public void A_parameter_that_has_one_value_is_given_once(string query, string field) => Refused(field, () => Read<ThingQuery>(query));

    [Test]
    public void A_list_may_be_given_in_several_parts() => Assert.That(
        Read<ThingQuery>("?kind=conflict&kind=invalid").Kind, Is.EqualTo((RefusalKind[])[RefusalKind.Conflict, RefusalKind.Invalid]));

    [Test]
    public void A_record_with_a_property_that_no_address_can_hold_is_a_mistake_of_ours() =>
        Assert.That(() => QueryParameters.Of(typeof(NoQuery)), Throws.InstanceOf<NotSupportedException>());

    [Test]
    public void A_refusal_shows_no_more_than_the_beginning_of_what_was_sent() =>
        Assert.That(
            Refused("event", () => Read<ThingQuery>($"?event={new string('x', 5_000)}")).Message,
            Has.Length.LessThan(200));

    private static RefusedException Refused(string field, Action read)
    {
        var refused = Assert.Throws<RefusedException>(() => read())!;
        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Malformed, field)));
        return refused;
    }

    private static T Read<T>(string query)
        where T : new()
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        var record = new T();
        QueryParameters.Of(typeof(T)).Fill(record, context.Request.Query);
        return record;
    }

    private sealed record ThingQuery : IQuery<ThingQuery>
    {
        public long? Event { get; init; }
        public string? Ref { get; init; }
        public DateTimeOffset? Since { get; init; }
        public IReadOnlyList<RefusalKind> Kind { get; init; } = [];
    }

    private sealed record NoQuery : IQuery<NoQuery>
    {
        public TimeSpan Age { get; init; }
    }
}
