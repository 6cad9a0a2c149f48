using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Modules.History;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Embedding;

/// <summary>The modules in programs that are not Attune's host.</summary>
public sealed class OwnProgramTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    [Test]
    public async Task A_program_without_a_host_appends_events_and_reads_them()
    {
        await using var program = new ServiceCollection()
            .AddDatabase(ConnectionString)
            .AddEventsModule()
            .AddEnforcementsModule()
            .AddHistoryModule()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        await program.GetRequiredService<ITriggerRepository>().CreateAsync(new() { Ref = "bare.trigger", Label = "Bare" }, Cancellation);

        var appended = await program.GetRequiredService<IEventLedger>().AppendAsync(
            new NewEvent { TriggerRef = "bare.trigger", Payload = JsonElement.Parse("""{"a": 1}""") }, Cancellation);

        var found = await program.GetRequiredService<IEventRepository>().FindAsync(appended.Id, Cancellation);
        Assert.That(found!.TriggerRef, Is.EqualTo("bare.trigger"));
        Assert.That((await program.GetRequiredService<IRuleRepository>().ListAsync(new(), new(), Cancellation)).Items, Is.Not.Empty);
    }

    [Test]
    public async Task A_generic_host_starts_stops_and_takes_its_settings_from_its_configuration()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Events:MaxPayloadBytes", "1024")]);
        builder.Services
            .AddDatabase(ConnectionString)
            .AddMigrationAtStart()
            .AddDatabaseServices()
            .AddEventsModule()
            .AddEventsServices()
            .AddEnforcementsModule()
            .AddEnforcementsServices()
            .AddHistoryModule();
        using var host = builder.Build();
        await host.StartAsync(Cancellation);

        var large = new NewEvent { TriggerRef = "core.webhook", Payload = JsonSerializer.SerializeToElement(new string('x', 2000)) };
        var refused = await Assert.ThrowsAsync<RefusedException>(
            () => host.Services.GetRequiredService<IEventLedger>().AppendAsync(large, Cancellation));
        await host.StopAsync(Cancellation);

        Assert.That(refused!.Kind, Is.EqualTo(RefusalKind.TooLarge));
    }

    [Test]
    public async Task A_setting_that_makes_no_sense_ends_the_start_of_any_host()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Events:MaxPayloadBytes", "5")]);
        builder.Services.AddDatabase(ConnectionString).AddEventsModule();
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => host.StartAsync(Cancellation));

        Assert.That(error!.Message, Does.Contain("Events:MaxPayloadBytes must be between 1024 and "));
    }
}
