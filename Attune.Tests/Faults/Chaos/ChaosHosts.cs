using System.Collections.Concurrent;
using Attune.Tests.Host;

namespace Attune.Tests.Faults.Chaos;

/// <summary>Three hosts on one database. One that has ended, however it ended, is started again, as a service manager does.</summary>
internal sealed class ChaosHosts : IAsyncDisposable
{
    public const int Count = 3;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    private static readonly string[] Unforeseen = ["Attune has failed", "Unhandled exception", " FTL "];

    private readonly string[] _arguments;
    private readonly HostProgram[] _hosts;

    // Somebody may be looking at one that has just been replaced.
    private readonly List<HostProgram> _gone = [];
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly CancellationTokenSource _over = new();
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Task _watching;

    public ChaosHosts(string setting)
    {
        _arguments = ["--urls", "http://127.0.0.1:0", setting, "--Serilog:MinimumLevel:Default=Warning",
            "--Serilog:MinimumLevel:Override:Attune.Host=Information"];
        _hosts = [.. Enumerable.Range(0, Count).Select(_ => HostProgram.Start(_arguments))];
        _watching = WatchAsync();
    }

    /// <summary>What a host must never do: end by itself while it served, or end in a way that nobody has words for.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Everything that the hosts have said, those that are gone included.</summary>
    public string Said => string.Join("\n---\n", _gone.Concat(_hosts).Select(host => host.Output + host.Errors));

    /// <summary>Where the hosts listen that do.</summary>
    public string[] Addresses => [.. _hosts.Where(host => !host.HasExited).Select(host => host.Address).OfType<string>()];

    /// <summary>kill -9, whatever it is doing, starting included; the next one starts at once.</summary>
    public Task KillAsync(int place) => ReplaceAsync(place, host => host.KillAsync());

    /// <summary>Asks it to stop in good order.</summary>
    public Task StopAsync(int place) => ReplaceAsync(place, host => host.StopAsync());

    /// <summary>A machine that stands still for a while: its connections stay open, and nobody answers.</summary>
    public async Task FreezeAsync(int place, TimeSpan length)
    {
        await _changing.WaitAsync();
        try
        {
            await _hosts[place].SignalAsync("STOP");
            await Task.Delay(length);
            await _hosts[place].SignalAsync("CONT");
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task AllListenAsync()
    {
        var deadline = DateTime.UtcNow + LongestStart;
        while (Addresses.Length < Count)
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(
                deadline), () => $"Not all hosts listen: {string.Join("\n---\n", _hosts.Select(host => host.Output + host.Errors))}");
            await Task.Delay(Look);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_hosts.Concat(_gone).Select(host => host.DisposeAsync().AsTask()));
        _over.Dispose();
        _changing.Dispose();
    }

    private async Task ReplaceAsync(int place, Func<HostProgram, Task> end)
    {
        await _changing.WaitAsync();
        try
        {
            await end(_hosts[place]);
            StartAnother(place);
        }
        finally
        {
            _changing.Release();
        }
    }

    // One that starts while its server is being taken away may give up, in words; one that serves may not.
    private async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(Look, _over.Token);
            await _changing.WaitAsync(_over.Token);
            try
            {
                foreach (var place in Enumerable.Range(0, Count).Where(place => _hosts[place].HasExited))
                {
                    if (_hosts[place].Address is not null)
                    {
                        _complaints.Enqueue($"A host ended while it served: {_hosts[place].Output} {_hosts[place].Errors}");
                    }

                    StartAnother(place);
                }
            }
            finally
            {
                _changing.Release();
            }
        }
    }

    private void StartAnother(int place)
    {
        var host = _hosts[place];
        if (Unforeseen.Any((host.Output + host.Errors).Contains))
        {
            _complaints.Enqueue($"A host ended without an explanation: {host.Output} {host.Errors}");
        }

        _hosts[place] = HostProgram.Start(_arguments);
        _gone.Add(host);
    }
}
