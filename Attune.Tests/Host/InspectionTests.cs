using Attune.Host.Health;
using Attune.Host.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Attune.Tests.Host;

/// <summary>In which order health checks are run, and what becomes of one that breaks.</summary>
[TestFixture]
[NonParallelizable]
public sealed class InspectionTests
{
    [Test]
    public async Task Nothing_else_is_looked_at_while_the_database_or_its_schema_is_not_well()
    {
        var withoutDatabase = await LookAsync(HealthStatus.Unhealthy, HealthStatus.Healthy);
        var withoutSchema = await LookAsync(HealthStatus.Healthy, HealthStatus.Unhealthy);
        var withBoth = await LookAsync(HealthStatus.Healthy, HealthStatus.Healthy);

        Assert.That(withoutDatabase.Entries.Keys, Is.EqualTo((string[])["database"]));
        Assert.That(withoutSchema.Entries.Keys, Is.EqualTo((string[])["database", "schema"]));
        Assert.That(withBoth.Entries.Keys, Is.EqualTo((string[])["database", "schema", "work"]));
    }

    [Test]
    public async Task A_check_that_breaks_or_does_not_end_is_a_finding_like_another()
    {
        var report = await LookAsync(HealthStatus.Healthy, HealthStatus.Healthy, checks => checks
            .AddCheck("broken", () => throw new InvalidOperationException("The wheel is off."), tags: [])
            .AddAsyncCheck("endless", async stop =>
            {
                await Task.Delay(Timeout.Infinite, stop);
                return HealthCheckResult.Healthy();
            }, tags: [], timeout: TimeSpan.FromMilliseconds(20)));

        Assert.That(Finding.Of(report.Entries.Single(entry => entry.Key == "broken")), Is.EqualTo(
            new Finding("broken", false, "The wheel is off.")));
        Assert.That(report.Entries["endless"].Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(report.Entries["endless"].Description, Is.Not.Empty);
        Assert.That(report.Entries["work"].Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task The_log_tells_of_checks_that_break_and_not_of_what_checks_find()
    {
        var before = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            await LookAsync(HealthStatus.Healthy, HealthStatus.Unhealthy);
            Assert.That(written.ToString(), Is.Empty);
            await LookAsync(HealthStatus.Healthy, HealthStatus.Healthy, checks => checks
                .AddCheck("broken", () => throw new InvalidOperationException("The wheel is off.")));
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.That(written.ToString(), Does.Contain("broken").And.Contain("The wheel is off."));
    }

    private static async Task<HealthReport> LookAsync(HealthStatus database, HealthStatus schema, Action<IHealthChecksBuilder>? more = null)
    {
        await using var log = Logs.Create(
            new ConfigurationBuilder().AddInMemoryCollection(
                [KeyValuePair.Create<string, string?>("Serilog:MinimumLevel:Default", "Warning")]).Build(),
            new SecretPaths(), toStandardError: false);
        var services = new ServiceCollection().AddLogging(
            logging => logging.AddProvider(new Serilog.Extensions.Logging.SerilogLoggerProvider(log)));
        var checks = services.AddHealth().AddHealthChecks()
            .AddCheck("database", () => new(database), tags: [HealthChecks.Connection])
            .AddCheck("schema", () => new(schema), tags: [HealthChecks.Schema])
            .AddCheck("work", () => HealthCheckResult.Healthy());
        more?.Invoke(checks);
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<Inspection>().LookAsync(TestContext.CurrentContext.CancellationToken);
    }
}
