using System.Text.Json;
using Attune.Host.Verbs;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Tests.Architecture;

namespace Attune.Tests.Packs;

/// <summary>The verbs <c>apply</c> and <c>export</c>, on a database that hosts may be using.</summary>
public sealed class ApplyVerbTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private const string Rule = """
        ref: PACK.deploy
        label: Deploy main
        trigger_ref: PACK.push
        conditions:
          - field: ref
            operator: equals
            value: refs/heads/main
        action_ref: core.echo
        action_params:
          message: "{{ event.payload.ref }}"

        """;

    private PackDirectory _files = null!;

    [SetUp]
    public void MakeFolder() => _files = new();

    [TearDown]
    public void DeleteFolder() => _files.Dispose();

    [Test]
    public async Task Files_become_packs_triggers_actions_and_rules_and_applying_them_again_touches_nothing()
    {
        Environment.SetEnvironmentVariable("ATTUNE_TEST_MADE_SECRET", "hush");
        _files
            .With("made/pack.yaml", "ref: made\nlabel: Made\nversion: '2.0.0'\nconfig: {url: https://example.org}\n")
            .With("made/triggers/push.yml", """
                ref: push
                label: A push
                webhook_enabled: true
                webhook_config:
                  verification: {scheme: github, secret: "${ATTUNE_TEST_MADE_SECRET}"}
                """)
            .With("made/actions/page.json", """{"ref": "made.page", "label": "Page", "timeout_seconds": 30, "max_retries": 2}""")
            .With("made/rules/deploy.yaml", RuleOf("made"))
            .With("made/rules/tick.yaml", """
                ref: made.tick
                trigger_ref: core.interval
                trigger_params: {seconds: 60}
                state: shadow
                window: {at_most: 3, in: 5m}
                conditions: {expression: 'tick > 1 and not (tick == 7)'}
                action_ref: made.page
                """);

        var (code, output, errors) = await RunAsync("apply", _files.Path);

        Assert.That(code, Is.Zero, errors);
        Assert.That(output, Is.EqualTo(
            "created pack made\ncreated trigger made.push\ncreated action made.page\ncreated rule made.deploy\ncreated rule made.tick\n"));
        var trigger = await Get<ITriggerRepository>().FindAsync("made.push", Cancellation);
        var tick = await Get<IRuleRepository>().FindAsync("made.tick", Cancellation);
        var action = await Get<IActionRepository>().FindAsync("made.page", Cancellation);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(trigger!.WebhookConfig.Verification?.HasSecret, Is.True);
            Assert.That(trigger.WebhookKey, Does.StartWith("wh_"));
            Assert.That((tick!.State, tick.IsAdhoc, tick.Conditions.GetArrayLength()), Is.EqualTo((RuleState.Shadow, false, 2)));
            Assert.That((action!.TimeoutSeconds, action.MaxRetries, action.IsAdhoc), Is.EqualTo(((int?)30, 2, false)));
            Assert.That(
                await ScalarAsync<string>("SELECT config ->> 'url' FROM pack WHERE ref = 'made' AND version = '2.0.0'"),
                Is.EqualTo("https://example.org"));
        }

        var (epoch, stamps) = (await EpochAsync(), await StampsAsync("made"));
        var again = await RunAsync("apply", _files.Path);
        Assert.That((again.Code, again.Output), Is.EqualTo((0, output.Replace("created", "unchanged", StringComparison.Ordinal))));
        Assert.That((await EpochAsync(), await StampsAsync("made")), Is.EqualTo((epoch, stamps)));
    }

    [Test]
    public async Task A_dry_run_prints_each_field_that_would_differ_without_secrets_and_changes_nothing()
    {
        Write("dry");
        Assert.That((await RunAsync("apply", _files.Path, "--dry-run")).Code, Is.EqualTo(2));
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM pack WHERE ref = 'dry'"), Is.Zero);
        await RunAsync("apply", _files.Path);
        Assert.That((await RunAsync("apply", _files.Path, "--dry-run")).Code, Is.Zero);
        var epoch = await EpochAsync();
        _files
            .With("dry/rules/deploy.yaml", RuleOf("dry")
                .Replace("refs/heads/main", "refs/heads/next", StringComparison.Ordinal) + "  api_key: verysecret\nenabled: false\n")
            .With("dry/triggers/push.yaml", "ref: dry.push\nlabel: A push\nwebhook_config: {hmac: {enabled: true, secret: verysecret}}\n");

        var (code, output, errors) = await RunAsync("apply", _files.Path, "--dry-run");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(2), errors);
            Assert.That(output, Does.Contain("changed rule dry.deploy (dry run)\n"));
            Assert.That(output, Does.Contain("    ~ conditions[0].value: \"refs/heads/main\" → \"refs/heads/next\"\n"));
            Assert.That(output, Does.Contain("    ~ enabled: true → false\n"));
            Assert.That(output, Does.Contain("    + webhook_config.hmac.has_secret: true\n"));
            Assert.That(output, Does.Contain("    + action_params.api_key: (not shown)\n"));
            Assert.That(output + errors, Does.Not.Contain("verysecret"));
            Assert.That(await EpochAsync(), Is.EqualTo(epoch));
        }
    }

    [Test]
    public async Task Files_of_which_one_is_wrong_change_nothing_and_every_mistake_is_told_with_its_place()
    {
        Write("wrong");
        _files
            .With("wrong/rules/first.yaml", "ref: wrong.first\ntrigger_ref: wrong.push\naction_ref: core.echo\n"
                + "conditions:\n  - field: a\n    operator: equalz\n    value: 1\nenabled: yes\n")
            .With("wrong/rules/second.yaml", "ref: wrong.second\ntrigger_ref: wrong.absent\naction_ref: core.echo\nsurprise: 1\n")
            .With("wrong/rules/third.yaml", "ref: wrong.third\ntrigger_ref: wrong.broken\naction_ref: core.echo\n")
            .With("wrong/rules/fourth.json", """{"ref": "wrong.deploy", "trigger_ref": "wrong.push", "action_ref": "core.echo"}""")
            .With("wrong/rules/tick.yaml", "ref: wrong.tick\ntrigger_ref: core.cron\ntrigger_params:\n"
                + "  expression: 61 * * * *\naction_ref: core.echo\n")
            .With("wrong/rules/many.yaml", """
                ref: wrong.many
                trigger_ref: core.interval
                trigger_params: {seconds: soon}
                conditions:
                  - {field: a, operator: nope, value: 1}
                  - {field: b, operator: equals, value: 1}
                  - {field: "c[", operator: equals, value: 1}
                window: {at_most: 0, in: 5m}
                action_ref: core.absent
                action_params: {message: "{{ event.payload. }}"}
                """)
            .With("wrong/triggers/broken.yaml", "ref: wrong.broken\nlabel: [\n");

        var (code, output, errors) = await RunAsync("apply", _files.Path);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((code, output), Is.EqualTo((1, "")));
            Assert.That(errors, Does.Contain("wrong/rules/first.yaml:6:5: conditions[0].operator must be one of"));
            Assert.That(errors, Does.Contain("wrong/rules/first.yaml:8:1: enabled must be true or false"));
            Assert.That(errors, Does.Contain("wrong/rules/second.yaml:2:1: Trigger 'wrong.absent' not found"));
            Assert.That(errors, Does.Contain("wrong/rules/second.yaml:4:1: surprise is no field of a rule; there are ref"));
            Assert.That(errors, Does.Contain("wrong/rules/fourth.json:1:2: The rule wrong.deploy stands in wrong/rules/deploy.yaml as"));
            Assert.That(errors, Does.Contain("wrong/rules/tick.yaml:4:3: trigger_params.expression"));
            Assert.That(errors, Does.Contain("wrong/triggers/broken.yaml:3:1: This is no YAML"));
            Assert.That(
                errors.Split('\n')
                    .Where(line => line.StartsWith("wrong/rules/many.yaml:", StringComparison.Ordinal))
                    .Select(line => line.Split(' ')[0]["wrong/rules/many.yaml:".Length..]),
                Is.EqualTo((string[]) ["3:18:", "5:16:", "7:6:", "8:10:", "9:1:", "10:17:"]));
            Assert.That(errors, Does.Not.Contain("third.yaml"), "what it lacks is missing for another file's mistake");
            Assert.That(await ScalarAsync<long>("SELECT count(*) FROM pack WHERE ref = 'wrong'"), Is.Zero);
            Assert.That(await ScalarAsync<long>("SELECT count(*) FROM rule WHERE pack_ref = 'wrong'"), Is.Zero);
        }
    }

    [Test]
    public async Task Files_that_nobody_should_read_are_told_and_the_others_with_them()
    {
        _files
            .With("hostile/pack.yaml", "ref: hostile\nversion: 1.0\n")
            .With("hostile/rules/big.yaml", "a: " + new string('x', 2 * 1024 * 1024))
            .With("hostile/rules/nul.yaml", "ref: hostile.nul\0\n")
            .With("hostile/rules/latin.yaml", [.. "label: "u8, 0xE9, (byte)'\n'])
            .With("hostile/rules/wide.yaml", [0xFF, 0xFE, (byte)'a', 0])
            .With("hostile/rules/escape.yaml", "ref: \"hostile.\\e[31m\"\ntrigger_ref: core.interval\naction_ref: core.echo\n")
            .With("hostile/rules/bom.yaml", [0xEF, 0xBB, 0xBF, .. "ref: hostile.bom\ntrigger_ref: 5\naction_ref: core.echo\n"u8])
            .With("hostile/triggers/key.yaml", "ref: hostile.key\nwebhook_key: wh_0\n");

        var (code, _, errors) = await RunAsync("apply", _files.Path);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(1));
            Assert.That(errors, Does.Contain("hostile/pack.yaml:2:1: version must be text"));
            Assert.That(errors, Does.Contain("hostile/rules/big.yaml:1:1: The file is longer than 1024 kB."));
            Assert.That(errors, Does.Contain("hostile/rules/nul.yaml:1:17: U+0000"));
            Assert.That(errors, Does.Contain("hostile/rules/latin.yaml:1:8: What stands here is not UTF-8."));
            Assert.That(errors, Does.Contain("hostile/rules/wide.yaml:1:1: The file is UTF-16"));
            Assert.That(errors, Does.Contain("hostile/rules/escape.yaml:1:1: ref must be pack.name"));
            Assert.That(errors, Does.Contain("hostile/rules/bom.yaml:2:1: trigger_ref must be text, not the number 5"));
            Assert.That(errors, Does.Contain("hostile/triggers/key.yaml:2:1: webhook_key stands in no file"));
            Assert.That(errors.Contains('\u001B', StringComparison.Ordinal), Is.False);
            Assert.That(errors, Does.Not.Contain("   at "));
        }
    }

    [Test]
    public async Task What_is_left_out_takes_its_default_and_keys_and_secrets_stay()
    {
        Write("whole");
        _files.With("whole/triggers/push.yaml", """
            ref: whole.push
            label: A push
            description: Once
            webhook_enabled: true
            webhook_config:
              rate_limit: {enabled: true, requests: 1, window_seconds: 60}
              hmac: {enabled: true, secret: hush}
            """);
        await RunAsync("apply", _files.Path);
        var before = await Get<ITriggerRepository>().FindAsync("whole.push", Cancellation);
        await Get<IRuleRepository>().UpdateAsync("whole.deploy", new() { Description = "By hand", Enabled = false }, Cancellation);
        _files.With("whole/triggers/push.yaml", "ref: whole.push\nlabel: A push\nwebhook_enabled: true\n"
            + "webhook_config: {hmac: {enabled: true}}\n");

        var (code, output, errors) = await RunAsync("apply", _files.Path);

        var after = await Get<ITriggerRepository>().FindAsync("whole.push", Cancellation);
        var rule = await Get<IRuleRepository>().FindAsync("whole.deploy", Cancellation);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, errors);
            Assert.That(output, Does.Contain("changed trigger whole.push").And.Contain("changed rule whole.deploy"));
            Assert.That((after!.WebhookKey, after.Description), Is.EqualTo((before!.WebhookKey, (string?)null)));
            Assert.That(after.WebhookConfig.RateLimit, Is.Null);
            Assert.That(
                await ScalarAsync<string>("SELECT webhook_config #>> '{hmac,secret}' FROM trigger WHERE ref = 'whole.push'"),
                Is.EqualTo("hush"));
            Assert.That((rule!.Description, rule.State, rule.Version), Is.EqualTo(((string?)null, RuleState.Enabled, 1)));
        }
    }

    [Test]
    public async Task Pruning_deletes_what_files_made_and_nothing_else()
    {
        Write("pruned");
        _files.With("pruned/actions/page.yaml", "ref: pruned.page\nlabel: Page\n");
        await RunAsync("apply", _files.Path);
        await Get<IRuleRepository>().CreateAsync(
            new() { Ref = "pruned.by_hand", Label = "By hand", TriggerRef = "core.webhook", ActionRef = "core.echo" }, Cancellation);
        await Get<ITriggerRepository>().CreateAsync(new() { Ref = "pruned.by_hand", Label = "By hand" }, Cancellation);
        _files.Delete("pruned/rules/deploy.yaml");
        _files.Delete("pruned/triggers/push.yaml");
        _files.Delete("pruned/actions/page.yaml");

        var without = await RunAsync("apply", _files.Path);
        var dry = await RunAsync("apply", _files.Path, "--prune", "--dry-run");
        var pruned = await RunAsync("apply", _files.Path, "--prune");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(without.Errors, Does.Contain("The rule pruned.deploy is in no file any more; --prune deletes it."));
            Assert.That((dry.Code, dry.Output), Is.EqualTo((2,
                "unchanged pack pruned (dry run)\ndeleted rule pruned.deploy (dry run)\n"
                + "deleted trigger pruned.push (dry run)\ndeleted action pruned.page (dry run)\n")));
            Assert.That(pruned.Code, Is.Zero, pruned.Errors);
            Assert.That(
                await QueryAsync<string>("SELECT ref FROM rule WHERE pack_ref = 'pruned'"), Is.EqualTo((string[])["pruned.by_hand"]));
            Assert.That(
                await QueryAsync<string>("SELECT ref FROM trigger WHERE pack_ref = 'pruned'"), Is.EqualTo((string[])["pruned.by_hand"]));
            Assert.That(await ScalarAsync<long>("SELECT count(*) FROM action WHERE pack_ref = 'pruned'"), Is.Zero);
        }
    }

    [Test]
    public async Task Pruning_leaves_no_rule_without_its_trigger()
    {
        Write("named");
        await RunAsync("apply", _files.Path);
        await Get<IRuleRepository>().CreateAsync(
            new() { Ref = "named.other", Label = "By hand", TriggerRef = "named.push", ActionRef = "core.echo" }, Cancellation);
        _files.Delete("named/triggers/push.yaml");

        var (code, _, errors) = await RunAsync("apply", _files.Path, "--prune");

        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors, Does.Contain("named/rules/deploy.yaml:3:1: trigger_ref names named.push")
            .And.Contain("named.push cannot be deleted: the rule named.other still names it."));
        Assert.That(await Get<ITriggerRepository>().FindAsync("named.push", Cancellation), Is.Not.Null);
    }

    [Test]
    public async Task Files_of_the_original_are_read()
    {
        _files
            .With("pack.yaml", """
                # The settings of a pack as the original has them.
                ref: alerts
                label: "Alerts"
                description: "Tells people of what is wrong"
                version: "1.2.0"
                author: "Operations"
                email: "operations@example.org"
                system: false
                enabled: true
                conf_schema:
                  type: object
                  properties: {}
                config:
                  desk: "desk-1"
                meta: {category: operations}
                tags: [alerts]
                runtime_deps: [shell]
                """)
            .With("triggers/raised.yaml", """
                name: raised
                ref: alerts.raised
                description: "Something is wrong"
                enabled: true
                type: custom
                parameters:
                  type: object
                  properties:
                    level: {type: string, default: "high"}
                  required: [level]
                output:
                  type: object
                  properties:
                    severity: {type: string}
                tags: [alerts]
                """)
            .With("actions/tell.yaml", """
                name: tell
                ref: alerts.tell
                description: "Tells somebody"
                enabled: true
                runner_type: shell
                entry_point: tell.sh
                parameters:
                  type: object
                  properties:
                    message: {type: string}
                    copies: {type: integer, default: 1}
                  required:
                    - message
                output_schema: {type: object}
                timeout_seconds: 20
                """)
            .With("actions/tell.sh", "echo no yaml: [\n")
            .With("rules/critical.yaml", """
                ref: alerts.critical
                pack_ref: alerts
                label: "Critical ones"
                description: "Tells the desk"
                trigger_ref: alerts.raised
                action_ref: alerts.tell
                trigger_params: {}
                conditions:
                  expression: 'event.payload.severity == "critical" and event.payload.category != "test"'
                action_params:
                  message: "{{ pack.config.desk }}: {{ event.payload.summary }}"
                enabled: false
                """)
            .With("rules/every.yaml", "ref: every\ntrigger_ref: raised\naction_ref: tell\nconditions: {}\naction_params: {message: all}\n")
            .With("sensors/raised.yaml", "ref: alerts.sensor\n");

        var (code, output, errors) = await RunAsync("apply", _files.Path);

        var rule = await Get<IRuleRepository>().FindAsync("alerts.critical", Cancellation);
        var action = await Get<IActionRepository>().FindAsync("alerts.tell", Cancellation);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, errors);
            Assert.That(output, Does.Contain("created rule alerts.every"));
            Assert.That((rule!.Enabled, rule.Conditions.GetArrayLength()), Is.EqualTo((false, 2)));
            Assert.That(action!.ParamSchema?.GetProperty("message").GetProperty("required").GetBoolean(), Is.True);
            Assert.That(action.Label, Is.EqualTo("Tell"));
            Assert.That(errors, Does.Contain("actions/tell.yaml:5:1: runner_type is not kept.").And.Contain("sensors/: This is not read"));
        }
    }

    [Test]
    public async Task The_files_that_the_readme_shows_are_applied()
    {
        Environment.SetEnvironmentVariable("GITHUB_SECRET", "hush");
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), Cancellation);
        var shown = readme.Split("```yaml\n# ")[1..].Select(block => block.Split("```")[0].Split('\n', 2)).ToList();
        shown.ForEach(file => _files.With(file[0], file[1]));

        var (code, output, errors) = await RunAsync("apply", Path.Combine(_files.Path, "packs"));

        Assert.That(code, Is.Zero, errors);
        Assert.That(output, Is.EqualTo("created pack demo\ncreated trigger demo.push\ncreated rule demo.main_pushed\n"));
    }

    [Test]
    public async Task An_export_applied_to_another_database_is_exported_again_byte_for_byte()
    {
        Write("round");
        _files
            .With("round/triggers/push.yaml", "ref: round.push\nlabel: 'yes'\nwebhook_enabled: true\nwebhook_config:\n"
                + "  keep_headers: [X-GitHub-Event]\n  answer: {status: 202}\n")
            .With("round/actions/page.yaml", "ref: round.page\nlabel: Page\nparam_schema: {message: {type: string, default: '0123'}}\n")
            .With("round/rules/nested.yaml", """
                ref: round.nested
                description: "two\nlines\n"
                state: shadow
                trigger_ref: round.push
                condition: any
                conditions:
                  - all:
                      - {field: "a[*].b", operator: in, value: [1, "2", null], quantifier: all}
                      - not: {field: c, operator: exists}
                  - {field: n, operator: between, value: [1, 2.50]}
                window: {at_least: 2, in: 1h, per: [a.b]}
                action_ref: round.page
                action_params: {message: "{{ event.payload.a }}", yes: no, deep: [[], {}, [1, [2]]]}
                """)
            .With("round/rules/cron.yaml", "ref: round.cron\ntrigger_ref: core.cron\n"
                + "trigger_params: {expression: '0 9 * * 1-5', timezone: Europe/Berlin}\naction_ref: core.echo\n");
        Assert.That((await RunAsync("apply", _files.Path)).Code, Is.Zero);
        using var first = new PackDirectory();
        using var second = new PackDirectory();

        var exported = await RunAsync("export", first.Path, "--pack", "round");
        await ExecuteAsync("""
            DELETE FROM rule WHERE pack_ref = 'round';
            DELETE FROM trigger WHERE pack_ref = 'round';
            DELETE FROM action WHERE pack_ref = 'round';
            DELETE FROM pack WHERE ref = 'round';
            """);
        var applied = await RunAsync("apply", first.Path);
        await RunAsync("export", second.Path, "--pack", "round");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exported.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EquivalentTo((string[])
            [
                "round/pack.yaml", "round/triggers/push.yaml", "round/actions/page.yaml", "round/rules/cron.yaml",
                "round/rules/deploy.yaml", "round/rules/nested.yaml",
            ]));
            Assert.That(applied.Code, Is.Zero, applied.Errors);
            Assert.That(second.Files(), Is.EqualTo(first.Files()));
            Assert.That((await RunAsync("apply", first.Path, "--dry-run")).Code, Is.Zero);
        }
    }

    [Test]
    public async Task A_secret_is_in_no_exported_file_and_is_kept_when_that_is_applied()
    {
        await Get<ITriggerRepository>().CreateAsync(new()
        {
            Ref = "kept.push", Label = "Push", WebhookEnabled = true,
            WebhookConfig = JsonElement.Parse("""{"verification": {"scheme": "gitlab", "secret": "verysecret"}}"""),
        }, Cancellation);

        await RunAsync("export", _files.Path, "--pack", "kept");
        var applied = await RunAsync("apply", _files.Path);
        var text = await File.ReadAllTextAsync(Path.Combine(_files.Path, "kept", "triggers", "push.yaml"), Cancellation);
        await Get<ITriggerRepository>().DeleteAsync("kept.push", Cancellation);
        var missing = await RunAsync("apply", _files.Path);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain("has_secret: true").And.Not.Contain("verysecret").And.Not.Contain("wh_"));
            Assert.That(applied.Output, Does.Contain("unchanged trigger kept.push"));
            Assert.That(missing.Code, Is.EqualTo(1));
            Assert.That(missing.Errors, Does.Contain("kept/triggers/push.yaml:").And.Contain("${NAME} takes it from the environment"));
        }
    }

    [Test]
    public async Task What_files_change_is_what_the_next_event_meets()
    {
        Write("live");
        await RunAsync("apply", _files.Path);
        var ledger = Get<IEventLedger>();
        var payload = JsonElement.Parse("""{"ref": "refs/heads/main"}""");
        var first = await ledger.AppendAsync(new NewEvent { TriggerRef = "live.push", Payload = payload }, Cancellation);
        _files.With("live/rules/deploy.yaml", RuleOf("live").Replace("heads/main", "heads/next", StringComparison.Ordinal));

        await RunAsync("apply", _files.Path);
        var second = await ledger.AppendAsync(new NewEvent { TriggerRef = "live.push", Payload = payload }, Cancellation);

        Assert.That((first.Matched.Count, second.Matched.Count), Is.EqualTo((1, 0)));
        Assert.That((await Get<IRuleRepository>().FindAsync("live.deploy", Cancellation))!.Version, Is.EqualTo(2));
    }

    [Test]
    public async Task A_moment_that_has_passed_and_a_timer_of_the_original_may_stay_in_their_files()
    {
        _files
            .With("timers/pack.yaml", "ref: timers\n")
            .With("timers/rules/past.yaml", """
                ref: past
                trigger_ref: core.date_time
                trigger_params: {fire_at: 2020-01-31T09:00:00Z}
                action_ref: core.echo
                """)
            .With("timers/rules/every.yaml", """
                ref: every
                trigger_ref: core.intervaltimer
                trigger_params: {unit: hours, interval: 10}
                action_ref: core.echo
                """);

        var first = await RunAsync("apply", _files.Path);
        var second = await RunAsync("apply", _files.Path, "--dry-run");

        Assert.That((first.Code, second.Code), Is.EqualTo((0, 0)), first.Errors + second.Errors);
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM rule WHERE pack_ref = 'timers'"), Is.EqualTo(2));
    }

    [TestCase(64, "There is no folder", "/no/such/folder")]
    [TestCase(64, "DIR")]
    public async Task A_folder_that_is_not_there_is_said_in_a_sentence(int code, string said, params string[] given)
    {
        var run = await RunAsync(["apply", .. given]);

        Assert.That(run.Code, Is.EqualTo(code));
        Assert.That(run.Errors, Does.Contain(said).And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_folder_without_packs_is_said_and_rules_without_a_pack_are()
    {
        var nothing = await RunAsync("apply", _files.Path);
        _files.With("lost/rules/a.yaml", "ref: lost.a\n");
        var lost = await RunAsync("apply", _files.Path);

        Assert.That((nothing.Code, lost.Code), Is.EqualTo((1, 1)));
        Assert.That(nothing.Errors, Does.Contain("There is no pack.yaml"));
        Assert.That(lost.Errors, Does.Contain("lost/pack.yaml:1:1: This file is missing"));
    }

    private static string RuleOf(string pack) => Rule.Replace("PACK", pack, StringComparison.Ordinal);

    private void Write(string pack) => _files
        .With($"{pack}/pack.yaml", $"ref: {pack}\nlabel: A pack\n")
        .With($"{pack}/triggers/push.yaml", $"ref: {pack}.push\nlabel: A push\n")
        .With($"{pack}/rules/deploy.yaml", RuleOf(pack));

    private Task<long> EpochAsync() => ScalarAsync<long>("SELECT epoch FROM rule_epoch");

    private Task<string> StampsAsync(string pack) => ScalarAsync<string>("""
        SELECT concat((SELECT string_agg(concat(id, updated, version), ',' ORDER BY id) FROM rule WHERE pack_ref = @pack),
                      (SELECT string_agg(concat(id, updated, webhook_key), ',' ORDER BY id) FROM trigger WHERE pack_ref = @pack),
                      (SELECT string_agg(concat(id, updated), ',' ORDER BY id) FROM action WHERE pack_ref = @pack),
                      (SELECT updated FROM pack WHERE ref = @pack))
        """, new { pack });

    // In this process: the command line is all that a process of its own would add, and other tests have that.
    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = await CommandLine.RunAsync(
            [.. arguments, $"--Database:ConnectionString={ConnectionString}"], output, errors, Cancellation);
        return (code, output.ToString(), errors.ToString());
    }
}
