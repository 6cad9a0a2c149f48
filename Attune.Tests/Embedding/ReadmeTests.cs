using Attune.Tests.Db;
using Dapper;

namespace Attune.Tests.Embedding;

/// <summary>What the READMEs show is compiled and run, as somebody does who copies it.</summary>
[TestFixture]
public sealed class ReadmeTests
{
    private static CancellationToken Cancellation => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task The_sample_of_a_program_of_ones_own_runs_an_action_for_an_event_on_an_empty_database()
    {
        await using var database = await ScratchDatabase.EmptyAsync(DatabaseEngine.Native);

        await Sample.In("README.md", "In a program of your own")
            .RunAsync($"--ConnectionStrings:Attune={database.ConnectionString}")
            .WaitAsync(Eventually.Deadline, Cancellation);

        await using var connection = await database.Database.OpenConnectionAsync(Cancellation);
        var (status, number) = await connection.QuerySingleAsync<(string, string)>(new CommandDefinition(
            "SELECT status::text, result #>> '{data,number}' FROM execution WHERE action_ref = 'billing.send_invoice'",
            cancellationToken: Cancellation));
        Assert.That((status, number), Is.EqualTo(("completed", "INV-4711")));
    }

    [Test]
    public async Task The_recipe_for_an_action_runs_without_a_database() =>
        await Sample.In("Attune.Modules.Enforcements/README.md", "An action of one's own")
            .RunAsync()
            .WaitAsync(Eventually.Deadline, Cancellation);
}
