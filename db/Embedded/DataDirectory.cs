using Microsoft.Extensions.Logging;

namespace Attune.Db.Embedded;

/// <summary>Chooses and prepares the directory that everything of the embedded server lies in.</summary>
internal static partial class DataDirectory
{
    // For a host that runs as root while its home is closed to the account that the server has to run as.
    private const string SystemWide = "/var/lib/attune";

    /// <exception cref="DatabaseServerException">The directory cannot be used; the message says why and names the key.</exception>
    public static async Task<(ServerFiles Files, ServerAccount Account)> OpenAsync(
        DatabaseOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var files = new ServerFiles(options.ResolvedDataDirectory);
        if (!Path.IsPathFullyQualified(files.Directory))
        {
            throw new DatabaseServerException(
                "This account has no directory for its application data. Set Database:DataDirectory to a directory that it may write to.");
        }

        var account = await ServerAccount.ForAsync(files, cancellationToken);
        if (options.DataDirectory.Length == 0 && !await account.ReachesAsync(files.Directory, cancellationToken))
        {
            Log.Elsewhere(logger, files.Directory, account.Name, SystemWide);
            files = new ServerFiles(SystemWide);
            account = await ServerAccount.ForAsync(files, cancellationToken);
        }

        await CheckReachAsync(files, Path.GetDirectoryName(files.Directory) ?? files.Directory, account, cancellationToken);
        Create(files, account);
        await CheckReachAsync(files, files.Directory, account, cancellationToken);
        return (files, account);
    }

    private static async Task CheckReachAsync(
        ServerFiles files, string directory, ServerAccount account, CancellationToken cancellationToken)
    {
        if (!await account.ReachesAsync(directory, cancellationToken))
        {
            throw new DatabaseServerException(
                $"{files.Directory} cannot be the data directory: PostgreSQL refuses to run as root, and the account '{account.Name}', " +
                "as which it runs instead, is not let through to it. Set Database:DataDirectory to a place open to it, such as " +
                $"{SystemWide}, or start Attune as an ordinary user.");
        }
    }

    private static void Create(ServerFiles files, ServerAccount account)
    {
        try
        {
            Directory.CreateDirectory(files.Directory);
            if (!OperatingSystem.IsWindows() && Directory.GetFileSystemEntries(files.Directory).Length == 0)
            {
                // The server's account has to pass through, and no more.
                const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
                const UnixFileMode pass = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
                File.SetUnixFileMode(files.Directory, account.Name is null ? own : own | pass);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable(files, error);
        }
    }

    public static DatabaseServerException Unusable(ServerFiles files, Exception error) => new(
        $"The data directory {files.Directory} cannot be used by this account: {error.Message} " +
        "Set Database:DataDirectory to a directory that it may write to.", error);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message =
            "PostgreSQL refuses to run as root, and {Directory} is closed to the account {Account}: the data directory is {Chosen}")]
        public static partial void Elsewhere(ILogger logger, string directory, string? account, string chosen);
    }
}
