using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Attune.Db.Embedded;

/// <summary>Makes the cluster and runs PostgreSQL's programs on it. The caller holds the start lock.</summary>
internal sealed partial class Cluster(
    ServerFiles files, ServerAccount account, ServerPrograms programs, DatabaseOptions options, ILogger logger)
{
    /// <summary>What the host works as: it owns its database, and nothing else.</summary>
    public const string Role = "attune";

    /// <summary>
    /// What the cluster is made with, for an administrator. In clusters that were made before there was one, the other is.
    /// </summary>
    public const string Superuser = "attune_superuser";

    private const int PortTries = 5;

    // Recovery after a crash reads up to max_wal_size again.
    private const string LongestStart = "900";
    private const string LongestStop = "60";

    private static readonly TimeSpan AfterAnother = TimeSpan.FromMilliseconds(100);

    private readonly ProgramRunner _runner = new(account, files.Directory);

    /// <summary>The password of both roles; made when there is no cluster yet.</summary>
    public async Task<string> PasswordAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(files.Password))
        {
            return (await File.ReadAllTextAsync(files.Password, cancellationToken)).Trim();
        }

        if (Directory.Exists(files.Cluster))
        {
            throw new DatabaseServerException(
                $"The password of the embedded server is not in {files.Password} any more. Put the file back, or set " +
                "Database:DataDirectory to another directory to begin anew.");
        }

        var password = RandomNumberGenerator.GetHexString(40, lowercase: true);
        await WritePrivateAsync(files.Password + ".new", password, cancellationToken);
        File.Move(files.Password + ".new", files.Password, overwrite: true);
        return password;
    }

    /// <summary>Makes the cluster when there is none. It appears whole under its name or not at all.</summary>
    public async Task CreateAsync(string password, CancellationToken cancellationToken)
    {
        if (Directory.Exists(files.Cluster))
        {
            return;
        }

        ClearLeftovers();
        var name = $"making-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var making = Directory.CreateDirectory(Path.Combine(files.Directory, name)).FullName;
        try
        {
            // A file of its own for initdb, whose account may not read the one that is kept.
            var passwordFile = Path.Combine(making, "password");
            await WritePrivateAsync(passwordFile, password, cancellationToken);
            await account.TakeAsync(passwordFile, cancellationToken);
            await account.TakeAsync(making, cancellationToken);
            await InitializeAsync($"{name}/password", $"{name}/data", cancellationToken);
            Directory.Move(Path.Combine(making, "data"), files.Cluster);
            Log.Created(logger, programs.Version, files.Cluster);
        }
        finally
        {
            ClearLeftovers();
        }
    }

    private async Task InitializeAsync(string passwordFile, string data, CancellationToken cancellationToken)
    {
        foreach (var locale in Locales())
        {
            string[] arguments =
            [
                "-D", data, "-U", Superuser, $"--pwfile={passwordFile}", "--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums",
                "--no-instructions", "--locale=C", .. locale,
            ];
            var made = await _runner.RunAsync(programs.InitDb, arguments, cancellationToken);
            if (made.Succeeded)
            {
                return;
            }

            if (locale.Length == 0 || !made.Output.Contains("locale", StringComparison.Ordinal))
            {
                throw new DatabaseServerException(
                    $"The embedded database could not be made in {files.Directory}: {made.Summary} Set Database:DataDirectory to another " +
                    "directory, or Database:ConnectionString to use a server of your own.");
            }
        }
    }

    // Text sorts by its bytes, which no later version of a library changes; upper and lower case are Unicode's where they can be.
    private IEnumerable<string[]> Locales()
    {
        if (programs.Major >= 17)
        {
            return [["--locale-provider=builtin", "--builtin-locale=C.UTF-8"], []];
        }

        return OperatingSystem.IsWindows() ? [[]] : [["--lc-ctype=C.UTF-8"], ["--lc-ctype=en_US.UTF-8"], []];
    }

    /// <summary>Starts the server and waits until it takes connections, or until one runs that somebody else has started.</summary>
    /// <param name="port">The port it must have; null to take the last one, or any.</param>
    /// <param name="cancellationToken">Ends the waiting; the server may go on starting.</param>
    public async Task StartAsync(int? port, CancellationToken cancellationToken)
    {
        ServerProcess.ForgetStale(files);
        var timescale = options.Engine != DatabaseEngine.Native && await programs.OfferTimescaleAsync(_runner, cancellationToken);
        var next = port ?? ServerSettings.LastPort(files.Settings) ?? FreePort();
        for (var left = PortTries; ; left--)
        {
            await WriteSettingsAsync(ServerSettings.Text(next, timescale), cancellationToken);
            var began = DateTime.UtcNow;
            var started = await _runner.RunAsync(
                programs.PgCtl,
                [
                    "start", "-D", ServerFiles.ClusterName, "-w", "-t", LongestStart, "-s",
                    "-l", $"{ServerFiles.ClusterName}/{ServerFiles.StartLogName}",
                    "-o", $"-c config_file={ServerFiles.SettingsName}",
                ],
                cancellationToken);
            if (started.Succeeded)
            {
                return;
            }

            if (ServerProcess.Of(files) is not null)
            {
                // A host that was killed had begun to start this one, and had not got as far as the file that tells of it.
                return;
            }

            var said = Said(began);
            if (left > 0 && said.Contains("lock file", StringComparison.Ordinal))
            {
                // It has come and gone meanwhile.
                await Task.Delay(AfterAnother, cancellationToken);
                continue;
            }

            if (left == 0 || port is not null || !said.Contains("could not bind", StringComparison.Ordinal))
            {
                throw new DatabaseServerException(
                    $"The embedded PostgreSQL {programs.Version} did not start: " +
                    $"{ProgramResult.Tail(said.Length > 0 ? said : started.Output)} " +
                    $"Its logs are in {files.Cluster}.");
            }

            next = FreePort();
        }
    }

    /// <summary>Stops the server: sessions are ended, what is committed is kept.</summary>
    public async Task StopAsync()
    {
        var stopped = await _runner.RunAsync(
            programs.PgCtl, ["stop", "-D", ServerFiles.ClusterName, "-m", "fast", "-w", "-t", LongestStop, "-s"], CancellationToken.None);
        if (!stopped.Succeeded && ServerProcess.Of(files) is not null)
        {
            Log.NotStopped(logger, stopped.Summary);
        }
    }

    // What the server has logged since: first in the log of the start, then in the log of the day.
    private string Said(DateTime since)
    {
        var day = Path.Combine(files.Cluster, "log");
        IEnumerable<string> logs = Directory.Exists(day) ? Directory.GetFiles(day) : [];
        return string.Join('\n', logs.Prepend(files.StartLog)
            .Where(log => File.Exists(log) && File.GetLastWriteTimeUtc(log) >= since.AddSeconds(-2))
            .SelectMany(File.ReadLines)
            .Where(line => line.Contains("FATAL", StringComparison.Ordinal) || line.Contains("PANIC", StringComparison.Ordinal)
                || line.Contains("could not", StringComparison.Ordinal) || line.Contains("HINT", StringComparison.Ordinal)));
    }

    private void ClearLeftovers()
    {
        foreach (var leftover in Directory.GetDirectories(files.Directory, "making-*"))
        {
            try
            {
                Directory.Delete(leftover, recursive: true);
            }
            catch (IOException)
            {
                // An initdb that has outlived its host is still at it; the next start clears it away.
            }
        }
    }

    private async Task WriteSettingsAsync(string text, CancellationToken cancellationToken)
    {
        await WritePrivateAsync(files.Settings + ".new", text, cancellationToken);
        if (account.Name is not null && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(files.Settings + ".new", Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        File.Move(files.Settings + ".new", files.Settings, overwrite: true);
    }

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static async Task WritePrivateAsync(string path, string text, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = Private;
        }

        await using var writer = new StreamWriter(path, how);
        await writer.WriteAsync(text.AsMemory(), cancellationToken);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "A new database was made by PostgreSQL {Version} in {Directory}")]
        public static partial void Created(ILogger logger, string version, string directory);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The embedded PostgreSQL has not stopped yet: {Reason}")]
        public static partial void NotStopped(ILogger logger, string reason);
    }
}
