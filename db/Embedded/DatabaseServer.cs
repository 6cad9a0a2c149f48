using Microsoft.Extensions.Logging;

namespace Attune.Db.Embedded;

/// <summary>
/// A PostgreSQL server of Attune's own, on a data directory of its own. Several hosts may use one directory: the first starts
/// the server, those after it use it as it runs, and the last to leave stops it. A host that dies leaves it running for the next.
/// </summary>
public sealed partial class DatabaseServer : IAsyncDisposable
{
    // A first start takes seconds; recovery after a crash, minutes at worst.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly ServerFiles _files;
    private readonly Cluster _cluster;
    private readonly string _version;
    private readonly string _password;
    private readonly ILogger _logger;
    private FileStream? _stay;
    private int _port;

    private DatabaseServer(ServerFiles files, Cluster cluster, string version, string password, FileStream stay, ILogger logger)
    {
        _files = files;
        _cluster = cluster;
        _version = version;
        _password = password;
        _stay = stay;
        _logger = logger;
    }

    /// <summary>How to reach the database <c>attune</c> on it.</summary>
    public string ConnectionString => Own.ConnectionString;

    /// <summary>Where everything of it lies; an absolute path.</summary>
    public string DataDirectory => _files.Directory;

    private OwnDatabase Own => new(_port, _password, _files);

    /// <summary>Starts the server, or finds it running, and makes the database when it is missing.</summary>
    /// <exception cref="DatabaseServerException">It cannot run here; the message says what to do.</exception>
    public static async Task<DatabaseServer> StartAsync(DatabaseOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var (files, account) = await Embedded.DataDirectory.OpenAsync(options, logger, cancellationToken);
        try
        {
            await using var alone = await StartLockAsync(files, logger, cancellationToken);
            return await StartAsync(files, account, options, logger, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Embedded.DataDirectory.Unusable(files, error);
        }
    }

    /// <summary>Starts the server again when it has died, at the same address.</summary>
    /// <returns>True when it had died.</returns>
    /// <exception cref="DatabaseServerException">It does not start.</exception>
    public async Task<bool> ReviveAsync(CancellationToken cancellationToken)
    {
        if (_stay is null || ServerProcess.Of(_files) is not null)
        {
            return false;
        }

        await using var alone = await StartLockAsync(_files, _logger, cancellationToken);
        await RunAsync(_port, cancellationToken);
        return true;
    }

    /// <summary>Leaves the server, and stops it when no other host uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stay is not null)
        {
            await using var alone = await StartLockAsync(_files, _logger, CancellationToken.None);
            await LeaveAsync();
        }
    }

    private static async Task<DatabaseServer> StartAsync(
        ServerFiles files, ServerAccount account, DatabaseOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var finder = new ProgramFinder(options, files, new ProgramRunner(account, files.Directory), logger);
        var programs = await finder.FindAsync(cancellationToken);
        var cluster = new Cluster(files, account, programs, options, logger);
        var password = await cluster.PasswordAsync(cancellationToken);
        await cluster.CreateAsync(password, cancellationToken);

        var stay = FileLock.TryShared(files.HostsLock)
            ?? throw new DatabaseServerException($"{files.HostsLock} is locked by another program.");
        var server = new DatabaseServer(files, cluster, programs.Version, password, stay, logger);
        try
        {
            await server.RunAsync(null, cancellationToken);
            await server.Own.EnsureAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.LeaveAsync();
            throw;
        }
    }

    private async Task RunAsync(int? port, CancellationToken cancellationToken)
    {
        var giveUp = DateTime.UtcNow + LongestWait;
        var found = true;
        ServerProcess? process;
        while ((process = ServerProcess.Of(_files)) is not { IsReady: true })
        {
            if (process is null)
            {
                found = false;
                await _cluster.StartAsync(port, cancellationToken);
            }
            else if (DateTime.UtcNow > giveUp)
            {
                throw new DatabaseServerException(
                    $"The embedded PostgreSQL (process {process.Id}) runs in {_files.Cluster}, but takes no connections.");
            }
            else
            {
                await Task.Delay(Look, cancellationToken);
            }
        }

        _port = process.Port;
        if (found)
        {
            Log.Found(_logger, process.Id, _port, DataDirectory);
        }
        else
        {
            Log.Started(_logger, _version, _port, DataDirectory);
        }
    }

    private async Task LeaveAsync()
    {
        await _stay!.DisposeAsync();
        _stay = null;
        await using var last = FileLock.TryAlone(_files.HostsLock);
        if (last is null)
        {
            Log.Left(_logger);
        }
        else if (ServerProcess.Of(_files) is not null)
        {
            await _cluster.StopAsync();
            Log.Stopped(_logger);
        }
    }

    private static async Task<FileStream> StartLockAsync(ServerFiles files, ILogger logger, CancellationToken cancellationToken)
    {
        var began = DateTime.UtcNow;
        var told = false;
        FileStream? alone;
        while ((alone = FileLock.TryAlone(files.StartLock)) is null)
        {
            if (DateTime.UtcNow - began > LongestWait)
            {
                throw new DatabaseServerException(
                    $"Another host has been starting or stopping the server in {files.Directory} for too long.");
            }

            if (!told && DateTime.UtcNow - began > Patience)
            {
                told = true;
                Log.Waiting(logger, files.Directory);
            }

            await Task.Delay(Look, cancellationToken);
        }

        return alone;
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information, Message = "The embedded PostgreSQL {Version} is running on port {Port}, data in {Directory}")]
        public static partial void Started(ILogger logger, string version, int port, string directory);

        [LoggerMessage(Level = LogLevel.Information, Message =
            "The embedded PostgreSQL was running already (process {Process}, port {Port}): this host uses it too, data in {Directory}")]
        public static partial void Found(ILogger logger, int process, int port, string directory);

        [LoggerMessage(
            Level = LogLevel.Information, Message = "Another host is starting or stopping the server in {Directory}: waiting for it")]
        public static partial void Waiting(ILogger logger, string directory);

        [LoggerMessage(Level = LogLevel.Information, Message = "The embedded PostgreSQL is left running for the other hosts that use it")]
        public static partial void Left(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "The embedded PostgreSQL has stopped")]
        public static partial void Stopped(ILogger logger);
    }
}
