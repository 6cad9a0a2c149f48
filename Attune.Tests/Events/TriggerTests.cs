using System.Text.Json;
using Attune.Modules.Events;
using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Events;

public sealed class TriggerTests(DatabaseEngine engine) : EventsTest(engine)
{
    [Test]
    public async Task A_trigger_is_kept_as_it_was_given()
    {
        var schema = Parse("""{"n": {"type": "integer"}}""");

        var made = await Triggers.CreateAsync(
            new() { Ref = "kept.trigger", Label = "Kept", Description = "As given.", ParamSchema = schema, OutSchema = schema },
            Cancellation);
        var read = await Triggers.FindAsync("kept.trigger", Cancellation);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((read!.Id, read.Ref, read.PackRef, read.Label, read.Description), Is.EqualTo(
                (made.Id, "kept.trigger", "kept", "Kept", "As given.")));
            Assert.That(
                (read.Enabled, read.WebhookEnabled, read.WebhookKey, read.IsAdhoc), Is.EqualTo((true, false, (string?)null, false)));
            Assert.That(JsonElement.DeepEquals(read.ParamSchema!.Value, schema));
            Assert.That(JsonElement.DeepEquals(read.OutSchema!.Value, schema));
        }
    }

    [Test]
    public async Task A_pack_is_made_when_it_is_first_named()
    {
        var first = await Triggers.CreateAsync(new() { Ref = "freshpack.one", Label = "One" }, Cancellation);
        var second = await Triggers.CreateAsync(new() { Ref = "freshpack.two", Label = "Two" }, Cancellation);
        var named = await Triggers.CreateAsync(new() { Ref = "other.three", PackRef = "freshpack", Label = "Three" }, Cancellation);

        Assert.That(await ScalarAsync<long>("SELECT id FROM pack WHERE ref = 'freshpack'"), Is.EqualTo(first.Pack));
        Assert.That((second.Pack, named.Pack, named.PackRef), Is.EqualTo((first.Pack, first.Pack, "freshpack")));
    }

    [Test]
    public async Task A_reference_is_taken_once()
    {
        await Triggers.CreateAsync(new() { Ref = "taken.once", Label = "First" }, Cancellation);

        var refused = await RefusalOf(Triggers.CreateAsync(new() { Ref = "taken.once", Label = "Second" }, Cancellation));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Conflict, "ref")));
    }

    [Test]
    public async Task A_reference_is_a_pack_and_a_name_in_lower_case()
    {
        string[] unfit =
        [
            "", " ", "nodot", "two.dots.here", ".name", "pack.", "Pack.name", "pack.Name", "pack.a name", "pack.a\tname", "pack.name\n",
            "pack.\u00c4", "p.name", "9pack.name", "päck.name", "pack.nul\0", "pack.half\ud800", "pack." + new string('x', 120),
            "xs.a/b", "xs.a\\b", "pack.esc\u001b", "pack.bell\u0007", "pack.c1\u009b", "pack.turned\u202e", "pack.filler\u3164",
            "pack.tag\U000e0041",
        ];
        foreach (var reference in unfit)
        {
            var refused = await RefusalOf(Triggers.CreateAsync(new() { Ref = reference, Label = "Unfit" }, Cancellation));

            Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "ref")), reference);
        }

        foreach (var reference in (string[])["pack.name_1-2", "pack-2.ä", "pa.x", "pack." + new string('x', 115)])
        {
            await Triggers.CreateAsync(new() { Ref = reference, Label = "Fit" }, Cancellation);
        }
    }

    [Test]
    public async Task Values_that_cannot_be_kept_are_refused_with_their_field()
    {
        var array = Parse("[]");
        (NewTrigger Trigger, string Field)[] unfit =
        [
            (new() { Ref = "unfit.t", Label = "" }, "label"),
            (new() { Ref = "unfit.t", Label = "nul \0" }, "label"),
            (new() { Ref = "unfit.t", Label = new string('x', 1_001) }, "label"),
            (new() { Ref = "unfit.t", Label = "L", Description = "half \ud800" }, "description"),
            (new() { Ref = "unfit.t", Label = "L", PackRef = "Not A Pack" }, "pack_ref"),
            (new() { Ref = "unfit.t", Label = "L", PackRef = new string('p', 500) }, "pack_ref"),
            (new() { Ref = "unfit.t", Label = "L", ParamSchema = array }, "param_schema"),
            (new() { Ref = "unfit.t", Label = "L", OutSchema = Parse("""{"a": "\u0000"}""") }, "out_schema.a"),
        ];
        foreach (var (trigger, field) in unfit)
        {
            Assert.That((await RefusalOf(Triggers.CreateAsync(trigger, Cancellation))).Field, Is.EqualTo(field));
        }

        Assert.That(await Triggers.FindAsync("unfit.t", Cancellation), Is.Null);
    }

    [Test]
    public async Task An_update_changes_what_it_names_and_nothing_else()
    {
        var made = await Triggers.CreateAsync(new() { Ref = "updated.one", Label = "Before", Description = "Stays" }, Cancellation);

        var updated = await Triggers.UpdateAsync("updated.one", new() { Label = "After", Enabled = false }, Cancellation);

        Assert.That((updated!.Label, updated.Description, updated.Enabled), Is.EqualTo(("After", "Stays", false)));
        Assert.That(updated.Created, Is.EqualTo(made.Created));
        Assert.That(updated.Updated, Is.GreaterThan(made.Updated));
        Assert.That(await Triggers.UpdateAsync("updated.absent", new() { Enabled = true }, Cancellation), Is.Null);
    }

    [Test]
    public async Task A_deleted_trigger_is_gone_but_its_rule_keeps_the_reference()
    {
        var trigger = await NewTriggerAsync();
        await ExecuteAsync(
            """
            INSERT INTO rule (ref, pack_ref, label, trigger, trigger_ref, action_ref, enabled)
            VALUES ('test.rule_of_deleted', 'test', 'A rule', @Id, @Ref, 'core.noop', false)
            """, new { trigger.Id, trigger.Ref });

        Assert.That(await Triggers.DeleteAsync(trigger.Ref, Cancellation), Is.True);
        Assert.That(await Triggers.DeleteAsync(trigger.Ref, Cancellation), Is.False);
        Assert.That(await Triggers.FindAsync(trigger.Ref, Cancellation), Is.Null);
        Assert.That(await ScalarAsync<string>("SELECT trigger_ref FROM rule WHERE ref = 'test.rule_of_deleted'"), Is.EqualTo(trigger.Ref));
    }

    [Test]
    public async Task A_webhook_key_is_long_random_and_never_listed()
    {
        var keys = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            var trigger = await NewTriggerAsync();
            keys.Add((await Triggers.EnableWebhookAsync(trigger.Ref, Cancellation))!.WebhookKey!);
        }

        Assert.That(keys, Has.Count.EqualTo(5).And.All.Matches("^wh_[0-9a-f]{32}$"));
        Assert.That(typeof(TriggerSummary).GetProperties().Select(property => property.Name), Has.None.Contains("Key"));
    }

    [Test]
    public async Task Enabling_a_webhook_again_keeps_its_key_and_its_settings()
    {
        var trigger = await NewTriggerAsync();

        var first = await Triggers.EnableWebhookAsync(trigger.Ref, Cancellation);
        await ExecuteAsync("""UPDATE trigger SET webhook_config = '{"kept": true}' WHERE ref = @Ref""", new { trigger.Ref });
        var second = await Triggers.EnableWebhookAsync(trigger.Ref, Cancellation);

        Assert.That(second!.WebhookKey, Is.EqualTo(first!.WebhookKey));
        Assert.That(await ScalarAsync<bool>("SELECT webhook_config ? 'kept' FROM trigger WHERE ref = @Ref", new { trigger.Ref }), Is.True);
    }

    [Test]
    public async Task A_key_is_not_valid_any_more_when_the_webhook_is_disabled_or_its_key_replaced()
    {
        var trigger = await NewTriggerAsync();
        var first = (await Triggers.EnableWebhookAsync(trigger.Ref, Cancellation))!.WebhookKey!;
        var second = (await Triggers.RegenerateWebhookAsync(trigger.Ref, Cancellation))!.WebhookKey!;

        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(await ReceiverAsync(first), Is.Null);
        Assert.That((await ReceiverAsync(second))!.Ref, Is.EqualTo(trigger.Ref));

        var disabled = await Triggers.DisableWebhookAsync(trigger.Ref, Cancellation);
        var third = (await Triggers.EnableWebhookAsync(trigger.Ref, Cancellation))!.WebhookKey!;

        Assert.That((disabled!.WebhookEnabled, disabled.WebhookKey), Is.EqualTo((false, (string?)null)));
        Assert.That(await ReceiverAsync(second), Is.Null);
        Assert.That(third, Is.Not.EqualTo(second));
    }

    [Test]
    public async Task Only_a_webhook_that_is_there_gets_another_key()
    {
        var trigger = await NewTriggerAsync();

        var refused = await RefusalOf(Triggers.RegenerateWebhookAsync(trigger.Ref, Cancellation));

        Assert.That(refused.Kind, Is.EqualTo(RefusalKind.Malformed));
        Assert.That(await Triggers.RegenerateWebhookAsync("no.such", Cancellation), Is.Null);
        Assert.That(await Triggers.EnableWebhookAsync("no.such", Cancellation), Is.Null);
        Assert.That(await Triggers.DisableWebhookAsync("no.such", Cancellation), Is.Null);
    }

    [Test]
    public async Task Pages_joined_give_every_trigger_once_by_reference()
    {
        for (var i = 0; i < 12; i++)
        {
            await Triggers.CreateAsync(new() { Ref = $"paged.t{i:00}", Label = "Paged", Enabled = i % 2 == 0 }, Cancellation);
        }

        foreach (var enabledOnly in (bool[])[false, true])
        {
            var seen = new List<TriggerSummary>();
            Cursor? after = null;
            do
            {
                var page = await Triggers.ListAsync(enabledOnly, new() { Size = 5, After = after, IncludeTotal = true }, Cancellation);
                seen.AddRange(page.Items);
                after = Cursor.TryParse(page.Next?.ToString());
                Assert.That(page.Total!.Value.Items, Is.GreaterThanOrEqualTo(12 / (enabledOnly ? 2 : 1)));
            }
            while (after is not null);

            Assert.That(seen.Select(one => one.Ref), Is.Unique);
            Assert.That(seen.Count(one => one.PackRef == "paged"), Is.EqualTo(enabledOnly ? 6 : 12));
            Assert.That(seen.Where(one => one.PackRef == "paged").Select(one => one.Ref), Is.Ordered);
        }
    }

    [Test]
    public async Task Two_who_make_the_first_trigger_of_a_pack_at_once_both_succeed()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Triggers.CreateAsync(new() { Ref = $"rushed.t{i}", Label = "Rushed" }, Cancellation)));

        Assert.That(made.Select(one => one.Pack).Distinct().Count(), Is.EqualTo(1));
    }

    private Task<WebhookReceiver?> ReceiverAsync(string key) => Get<WebhookReceivers>().FindAsync(key, Cancellation);
}
