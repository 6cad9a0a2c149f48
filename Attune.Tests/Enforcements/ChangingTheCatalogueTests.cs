using Attune.Modules.Events;
using Npgsql;

namespace Attune.Tests.Enforcements;

/// <summary>Packs, triggers, rules and actions, changed by several at once.</summary>
public sealed class ChangingTheCatalogueTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task Two_who_make_and_delete_the_same_rule_never_undo_one_another_by_a_deadlock()
    {
        var trigger = await NewTriggerAsync();
        var reference = NewName("contested");
        var outcomes = new List<string>();

        // In packs that are there and in new ones: making one counts the epoch on before the rule's row is reached.
        async Task MakeAsync()
        {
            for (var turn = 0; turn < 60; turn++)
            {
                outcomes.Add(await OutcomeAsync(() => Rules.CreateAsync(
                    new() { Ref = reference, PackRef = $"contested-{turn}", Label = "L", TriggerRef = trigger, ActionRef = "core.noop" },
                    Cancellation)));
            }
        }

        async Task DeleteAsync()
        {
            for (var turn = 0; turn < 60; turn++)
            {
                outcomes.Add(await OutcomeAsync(() => Rules.DeleteAsync(reference, Cancellation)));
            }
        }

        await Task.WhenAll(Task.Run(MakeAsync), Task.Run(DeleteAsync), Task.Run(MakeAsync), Task.Run(DeleteAsync));

        Assert.That(outcomes.Distinct(), Is.SubsetOf((string[])["done", "Conflict"]));
    }

    [Test]
    public async Task A_change_that_a_deadlock_has_undone_is_made_again()
    {
        var attempts = 0;

        var changed = await Get<ICatalogue>().ChangeAsync(
            async connection =>
            {
                attempts++;
                await using var command = connection.CreateCommand();
                command.CommandText = attempts == 1
                    ? "DO $$ BEGIN RAISE EXCEPTION 'met another' USING ERRCODE = 'deadlock_detected'; END $$"
                    : "SELECT 1";
                await command.ExecuteNonQueryAsync(Cancellation);
                return attempts;
            },
            Cancellation);

        Assert.That(changed, Is.EqualTo(2));
    }

    [Test]
    public async Task A_change_that_deadlocks_each_time_is_given_up_and_leaves_nothing()
    {
        var attempts = 0;

        var error = await Assert.ThrowsAsync<PostgresException>(() => Get<ICatalogue>().ChangeAsync<int>(
            async connection =>
            {
                attempts++;
                await Get<ICatalogue>().EnsurePackAsync(connection, "given-up", Cancellation);
                await using var command = connection.CreateCommand();
                command.CommandText = "DO $$ BEGIN RAISE EXCEPTION 'met another' USING ERRCODE = 'serialization_failure'; END $$";
                return await command.ExecuteNonQueryAsync(Cancellation);
            },
            Cancellation));

        Assert.That((error!.SqlState, attempts), Is.EqualTo((PostgresErrorCodes.SerializationFailure, 5)));
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM pack WHERE ref = 'given-up'"), Is.Zero);
    }

    private static async Task<string> OutcomeAsync(Func<Task> call)
    {
        try
        {
            await call();
            return "done";
        }
        catch (RefusedException refused)
        {
            return refused.Kind.ToString();
        }
        catch (PostgresException error)
        {
            return error.SqlState;
        }
    }
}
