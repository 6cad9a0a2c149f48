using Attune.Modules.Enforcements;

namespace Attune.Tests.Views;

[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class SavedViewsTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private const string Mine = "0123456789abcdef";
    private const string Yours = "fedcba9876543210";

    private ISavedViews Views => Get<ISavedViews>();

    [Test]
    public async Task A_view_is_seen_by_its_owner_until_it_is_shared_with_all()
    {
        var view = await SaveAsync("Failed", Mine);

        Assert.That(await NamesAsync(Mine), Has.Member("Failed"));
        Assert.That(await NamesAsync(Yours), Has.None.EqualTo("Failed"));
        Assert.That(await Views.ChangeAsync(view.Id, Yours, new() { Name = "Taken" }, Cancellation), Is.Null);
        Assert.That(await Views.DeleteAsync(view.Id, Yours, Cancellation), Is.False);

        var shared = await Views.ChangeAsync(view.Id, Mine, new() { Shared = true, Name = "Failed last night" }, Cancellation);

        Assert.That((shared!.Shared, shared.Name, shared.Query), Is.EqualTo((true, "Failed last night", "range=24h&status=failed")));
        Assert.That(await NamesAsync(Yours), Has.Member("Failed last night"));
        Assert.That((await Views.ChangeAsync(view.Id, Yours, new() { Shared = false }, Cancellation))!.Shared, Is.False);
        Assert.That(await NamesAsync(Mine), Has.None.EqualTo("Failed last night"), "it is the one's who took it back");
        Assert.That(await Views.DeleteAsync(view.Id, Yours, Cancellation), Is.True);
    }

    [Test]
    public async Task Views_stand_in_the_order_in_which_they_were_saved_or_put()
    {
        const string owner = "order0123456789a";
        var first = await SaveAsync("first", owner);
        await SaveAsync("second", owner);
        await SaveAsync("third", owner);

        await Views.ChangeAsync(first.Id, owner, new() { Place = 3 }, Cancellation);

        var own = (await Views.ListAsync(owner, Cancellation)).Where(view => !view.Shared).Select(view => view.Name);
        Assert.That(own, Is.EqualTo((string[])["second", "first", "third"]).Or.EqualTo((string[])["second", "third", "first"]));
    }

    [TestCase("", Mine, "name")]
    [TestCase("a\0b", Mine, "name")]
    [TestCase("name", "short", "owner")]
    [TestCase("name", "with space 0123456", "owner")]
    public async Task What_cannot_be_saved_is_refused_by_its_field(string name, string owner, string field) =>
        Assert.That((await Assert.ThrowsAsync<RefusedException>(() => SaveAsync(name, owner)))!.Field, Is.EqualTo(field));

    [Test]
    public async Task There_are_so_many_views_of_one_owner_and_no_more()
    {
        const string owner = "many0123456789ab";
        await ExecuteAsync($"INSERT INTO saved_view (name, page, query, owner) SELECT n::text, 'events', '', '{owner}' FROM generate_series(1, 200) AS n");

        Assert.That((await Assert.ThrowsAsync<RefusedException>(() => SaveAsync("one more", owner)))!.Kind, Is.EqualTo(RefusalKind.Conflict));
    }

    private Task<SavedView> SaveAsync(string name, string? owner) => Views.CreateAsync(
        new() { Name = name, Page = ViewedPage.Executions, Query = "?range=24h&status=failed", Owner = owner }, Cancellation);

    private async Task<IEnumerable<string>> NamesAsync(string owner) => (await Views.ListAsync(owner, Cancellation)).Select(view => view.Name);
}
