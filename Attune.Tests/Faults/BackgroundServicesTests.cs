using System.Collections.Concurrent;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Tests.Faults;

/// <summary>What a background service throws stops the whole host: so none may, whatever happens to it.</summary>
[TestFixture]
public sealed class BackgroundServicesTests
{
    [Test]
    public async Task A_background_service_survives_a_failure_that_nobody_foresaw_and_ends_without_one()
    {
        using var failures = new Failures();
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(failures))
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddDatabase("Host=127.0.0.1;Port=1;Username=nobody", DatabaseEngine.Native)
            .AddDatabaseServices()
            .AddEventsModule()
            .AddEventsServices()
            .AddEnforcementsModule()
            .AddEnforcementsServices()
            .BuildServiceProvider();

        // It throws then what no lost server ever does.
        await services.GetRequiredService<NpgsqlDataSource>().DisposeAsync();
        var running = services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        foreach (var service in running)
        {
            await service.StartAsync(CancellationToken.None);
        }

        await Eventually.HoldsAsync(
            () => running.TrueForAll(service => failures.Of.ContainsKey(service.GetType().FullName!)), "each has failed");
        Assert.That(running, Has.Count.GreaterThan(5));
        Assert.That(running.Where(service => service.ExecuteTask!.IsCompleted), Is.Empty);

        foreach (var service in running)
        {
            await service.StopAsync(CancellationToken.None);
        }

        Assert.That(running.Where(service => service.ExecuteTask!.IsFaulted), Is.Empty);
    }

    private sealed class Failures : ILoggerProvider
    {
        /// <summary>By the name of who said so.</summary>
        public ConcurrentDictionary<string, bool> Of { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Writer(Failures failures, string name) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                failures.Of[name] = true;
        }
    }
}
