using System.Globalization;
using Attune.Db.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Attune.Tests.Host;

/// <summary>The embedded server by itself: what it is, whom it lets in, and what it says when it cannot run.</summary>
[TestFixture]
public sealed class EmbeddedServerTests
{
    [Test]
    public async Task The_embedded_server_keeps_commits_and_lets_in_this_machine_alone_and_nobody_without_the_password()
    {
        await using var folder = new DataFolder(" of $(somebody)'s \"own\"");
        await using var server = await StartAsync(folder.Options);
        await using var database = NpgsqlDataSource.Create(server.ConnectionString);

        Assert.That(await SettingAsync(database, "server_encoding"), Is.EqualTo("UTF8"));
        Assert.That(await SettingAsync(database, "data_checksums"), Is.EqualTo("on"));
        Assert.That(await SettingAsync(database, "fsync"), Is.EqualTo("on"));
        Assert.That(await SettingAsync(database, "synchronous_commit"), Is.EqualTo("on"));
        Assert.That(await SettingAsync(database, "listen_addresses"), Is.EqualTo("127.0.0.1"));
        Assert.That(await File.ReadAllTextAsync(folder.Files.Settings), Does.Contain("unix_socket_directories = ''"));
        await using var stranger = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess", Pooling = false }.ConnectionString);
        Assert.That(
            (await Assert.ThrowsAsync<PostgresException>(() => stranger.OpenAsync()))!.SqlState,
            Is.EqualTo(PostgresErrorCodes.InvalidPassword));
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(folder.Files.Password), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public async Task The_host_is_no_superuser_of_its_server()
    {
        await using var folder = new DataFolder();
        await using var server = await StartAsync(folder.Options);
        await using var database = NpgsqlDataSource.Create(server.ConnectionString);

        Assert.That(await SettingAsync(database, "is_superuser"), Is.EqualTo("off"));
        await using var program = database.CreateCommand("COPY (SELECT 1) TO PROGRAM 'cat'");
        Assert.That(
            (await Assert.ThrowsAsync<PostgresException>(() => program.ExecuteNonQueryAsync()))!.SqlState,
            Is.EqualTo(PostgresErrorCodes.InsufficientPrivilege));
    }

    [Test]
    [Platform("Linux")]
    [NonParallelizable]
    public async Task The_server_is_not_told_what_the_host_has_in_its_environment()
    {
        await using var folder = new DataFolder();
        Environment.SetEnvironmentVariable("ATTUNE_Database__Secret", "swordfish");
        try
        {
            await using var server = await StartAsync(folder.Options);

            var environment = await File.ReadAllTextAsync($"/proc/{ServerProcess.Of(folder.Files)!.Id}/environ");
            Assert.That(
                environment, Does.Contain("PATH=").And.Not.Contain("swordfish").And.Not.Contain("ATTUNE_").And.Not.Contain("DOTNET_"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ATTUNE_Database__Secret", null);
        }
    }

    [Test]
    public async Task Started_twice_it_is_one_server_that_the_last_one_stops()
    {
        await using var folder = new DataFolder();
        await using var first = await StartAsync(folder.Options);
        await using var second = await StartAsync(folder.Options);

        Assert.That(second.ConnectionString, Is.EqualTo(first.ConnectionString));
        await first.DisposeAsync();
        Assert.That(folder.ServerRuns, Is.True);
        await second.DisposeAsync();
        Assert.That(folder.ServerRuns, Is.False);
    }

    [Test]
    public async Task Started_by_four_at_once_it_is_one_server()
    {
        await using var folder = new DataFolder();

        var servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => StartAsync(folder.Options))));

        Assert.That(servers.Select(server => server.ConnectionString).Distinct().Count(), Is.EqualTo(1));
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        Assert.That(folder.ServerRuns, Is.False);
    }

    // As when a host is killed just after it has begun to start the server, and the next one comes before anything tells of it.
    [Test]
    public async Task Two_starts_that_know_nothing_of_each_other_make_one_server()
    {
        await using var folder = new DataFolder();
        await (await StartAsync(folder.Options)).DisposeAsync();
        var (files, account) = await DataDirectory.OpenAsync(folder.Options, NullLogger.Instance, default);
        var runner = new ProgramRunner(account, files.Directory);
        var programs = await new ProgramFinder(folder.Options, files, runner, NullLogger.Instance).FindAsync(default);
        var cluster = new Cluster(files, account, programs, folder.Options, NullLogger.Instance);
        for (var turn = 0; turn < 4; turn++)
        {
            var other = runner.RunAsync(
                programs.PgCtl,
                ["start", "-D", ServerFiles.ClusterName, "-w", "-s", "-l", $"{ServerFiles.ClusterName}/other.log", "-o",
                    $"-c config_file={ServerFiles.SettingsName}"],
                default);

            await Assert.ThatAsync(() => cluster.StartAsync(null, default), Throws.Nothing);

            await other;
            await Eventually.HoldsAsync(() => ServerProcess.Of(files) is { IsReady: true }, "one of the two takes connections");
            await cluster.StopAsync();
        }
    }

    [Test]
    public async Task A_process_file_whose_number_is_another_process_now_does_not_keep_it_from_starting()
    {
        await using var folder = new DataFolder();
        await using (await StartAsync(folder.Options))
        {
            // The rest of the file is as a crash would have left it.
            var left = await File.ReadAllLinesAsync(folder.Files.ProcessFile);
            left[0] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            await File.WriteAllLinesAsync(folder.Files.Directory + "/left", left);
        }

        File.Move(folder.Files.Directory + "/left", folder.Files.ProcessFile);

        await using var server = await StartAsync(folder.Options);

        Assert.That(ServerProcess.Of(folder.Files)!.Id, Is.Not.EqualTo(Environment.ProcessId));
    }

    [Test]
    public async Task Data_of_another_version_of_PostgreSQL_are_left_alone_and_the_message_says_what_to_do()
    {
        await using var folder = new DataFolder();
        await (await StartAsync(folder.Options)).DisposeAsync();
        var programs = await new ProgramFinder(
            folder.Options, folder.Files, new ProgramRunner(ServerAccount.Own, Path.GetTempPath()), NullLogger.Instance).FindAsync(default);
        await File.WriteAllTextAsync(Path.Combine(folder.Files.Cluster, "PG_VERSION"), "13\n");
        var options = folder.Options;
        options.BinariesDirectory = programs.Directory;

        var refused = (await Assert.ThrowsAsync<DatabaseServerException>(() => StartAsync(options)))!;

        Assert.That(
            refused.Message, Does.Contain("PostgreSQL 13").And.Contain($"{programs.Major}").And.Contain("Database:BinariesDirectory"));
    }

    [Test]
    public async Task Programs_that_are_not_where_they_are_said_to_be_are_named_by_their_key()
    {
        await using var folder = new DataFolder();
        var options = folder.Options;
        options.BinariesDirectory = Path.GetTempPath();

        var refused = (await Assert.ThrowsAsync<DatabaseServerException>(() => StartAsync(options)))!;

        Assert.That(refused.Message, Does.Contain("Database:BinariesDirectory").And.Contain("initdb"));
    }

    [Test]
    public async Task A_place_that_cannot_be_a_directory_is_named_by_its_key()
    {
        await using var folder = new DataFolder();
        await File.WriteAllTextAsync(folder.Path, "a file");
        var options = folder.Options;
        options.DataDirectory = Path.Combine(folder.Path, "data");

        var refused = (await Assert.ThrowsAsync<DatabaseServerException>(() => StartAsync(options)))!;

        Assert.That(refused.Message, Does.Contain("Database:DataDirectory"));
        File.Delete(folder.Path);
    }

    [Test]
    public async Task A_lost_password_is_missed_by_name_and_nothing_is_made_anew()
    {
        await using var folder = new DataFolder();
        await (await StartAsync(folder.Options)).DisposeAsync();
        File.Delete(folder.Files.Password);

        var refused = (await Assert.ThrowsAsync<DatabaseServerException>(() => StartAsync(folder.Options)))!;

        Assert.That(refused.Message, Does.Contain(folder.Files.Password));
        Assert.That(folder.ServerRuns, Is.False);
    }

    private static Task<DatabaseServer> StartAsync(DatabaseOptions options) =>
        DatabaseServer.StartAsync(options, NullLogger.Instance, CancellationToken.None);

    private static async Task<string?> SettingAsync(NpgsqlDataSource database, string name)
    {
        await using var command = database.CreateCommand("SELECT current_setting($1)");
        command.Parameters.Add(new() { Value = name });
        return (string?)await command.ExecuteScalarAsync();
    }
}
