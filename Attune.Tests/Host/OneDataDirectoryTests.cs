using System.Diagnostics;
using System.Globalization;
using System.Net;
using Attune.Db.Embedded;

namespace Attune.Tests.Host;

/// <summary>The program on a data directory of its own: started, stopped, killed, and started twice.</summary>
[TestFixture]
[Platform(Exclude = "Win", Reason = "Processes are sent signals.")]
public sealed class OneDataDirectoryTests
{
    [Test]
    public async Task An_empty_directory_becomes_a_running_Attune_and_a_stop_leaves_nothing_running()
    {
        await using var folder = new DataFolder();

        await using var host = await HostProgram.ServeAsync(folder.Setting);

        Assert.That(await StatusAsync(host, "/health/ready"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(host.Output, Does.Contain(folder.Path));
        Assert.That(await host.StopAsync(), Is.Zero, () => host.Output + host.Errors);
        Assert.That(folder.ServerRuns, Is.False);
    }

    [Test]
    public async Task A_second_host_uses_the_server_of_the_first_and_the_last_to_leave_stops_it()
    {
        await using var folder = new DataFolder();
        await using var first = await HostProgram.ServeAsync(folder.Setting);
        var server = ServerProcess.Of(folder.Files);

        await using var second = await HostProgram.ServeAsync(folder.Setting);

        Assert.That(second.Output, Does.Contain("was running already"));
        Assert.That(await first.StopAsync(), Is.Zero);
        Assert.That(ServerProcess.Of(folder.Files), Is.EqualTo(server));
        Assert.That(await StatusAsync(second, "/health/ready"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await second.StopAsync(), Is.Zero);
        Assert.That(folder.ServerRuns, Is.False);
    }

    [Test]
    public async Task The_next_host_finds_the_server_of_a_killed_one_and_starts_one_that_was_killed_too_at_the_same_port()
    {
        await using var folder = new DataFolder();
        await using var first = await HostProgram.ServeAsync(folder.Setting);
        var server = ServerProcess.Of(folder.Files)!;
        await first.KillAsync();

        await using var second = await HostProgram.ServeAsync(folder.Setting);
        Assert.That(ServerProcess.Of(folder.Files), Is.EqualTo(server));
        await second.KillAsync();
        using (var kill = Process.Start("kill", ["-9", server.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await using var third = await HostProgram.ServeAsync(folder.Setting);
        Assert.That(ServerProcess.Of(folder.Files)!.Port, Is.EqualTo(server.Port));
        Assert.That(await StatusAsync(third, "/health/ready"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await third.StopAsync(), Is.Zero);
        Assert.That(folder.ServerRuns, Is.False);
    }

    [Test]
    public async Task A_host_killed_while_it_makes_its_database_leaves_nothing_that_the_next_stumbles_over()
    {
        await using var folder = new DataFolder();
        await using var first = HostProgram.Start("--urls", "http://127.0.0.1:0", folder.Setting);
        await Eventually.HoldsAsync(
            () => Directory.Exists(folder.Path) && Directory.EnumerateDirectories(folder.Path, "making-*").Any(),
            "the database is being made");
        await first.KillAsync();

        await using var second = await HostProgram.ServeAsync(folder.Setting);

        Assert.That(await second.StopAsync(), Is.Zero);
        Assert.That(Directory.EnumerateDirectories(folder.Path, "making-*"), Is.Empty);
    }

    [Test]
    public async Task Told_to_stop_while_it_starts_it_stops_cleanly()
    {
        await using var folder = new DataFolder();
        await using var host = HostProgram.Start("--urls", "http://127.0.0.1:0", folder.Setting);
        await Eventually.HoldsAsync(() => File.Exists(folder.Files.Password), "the host has begun");

        Assert.That(await host.StopAsync(), Is.Zero, () => host.Output + host.Errors);
        Assert.That(folder.ServerRuns, Is.False);
    }

    private static async Task<HttpStatusCode> StatusAsync(HostProgram host, string path)
    {
        using var http = new HttpClient { BaseAddress = new Uri(host.Address!), Timeout = TimeSpan.FromMinutes(1) };
        HttpStatusCode status = default;

        // The change feed connects a moment after the host listens.
        await Eventually.HoldsAsync(async () => (status = (await http.GetAsync(path)).StatusCode) == HttpStatusCode.OK, path);
        return status;
    }
}
