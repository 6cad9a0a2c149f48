using Microsoft.Extensions.Logging;
using MysticMind.PostgresEmbed;

namespace Attune.Db.Embedded;

/// <summary>
/// Finds PostgreSQL's server programs: where they are configured, where they are usually installed, or by downloading them.
/// </summary>
internal sealed partial class ProgramFinder(DatabaseOptions options, ServerFiles files, ProgramRunner runner, ILogger logger)
{
    private const int MajorToDownload = 17;

    // A star stands for the version. Newer ones are taken first.
    private static readonly string[] UsualPlaces =
    [
        "/usr/lib/postgresql/*/bin", // Debian, Ubuntu
        "/usr/pgsql-*/bin", // the makers' own packages for Red Hat
        "/usr/lib/postgresql*/bin", // SUSE
        "/usr/lib64/postgresql-*/bin", // Gentoo
        "/usr/libexec/postgresql*", // Alpine
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
        "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
        "/Library/PostgreSQL/*/bin",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL", "*", "bin"),
    ];

    /// <exception cref="DatabaseServerException">There are none that fit; the message says what to install or to set.</exception>
    public async Task<ServerPrograms> FindAsync(CancellationToken cancellationToken)
    {
        var wanted = files.ClusterMajor();
        if (options.BinariesDirectory.Length > 0)
        {
            return await ConfiguredAsync(wanted, cancellationToken);
        }

        var others = new SortedSet<int>();
        foreach (var directory in Candidates().Distinct())
        {
            if (await ServerPrograms.InAsync(directory, runner, cancellationToken) is { } programs)
            {
                if (wanted is null ? programs.Major >= ServerPrograms.OldestMajor : programs.Major == wanted)
                {
                    return programs;
                }

                others.Add(programs.Major);
            }
        }

        return await DownloadedAsync(wanted, others, cancellationToken);
    }

    private async Task<ServerPrograms> ConfiguredAsync(int? wanted, CancellationToken cancellationToken)
    {
        var directory = Path.GetFullPath(options.BinariesDirectory);
        var programs = await ServerPrograms.InAsync(directory, runner, cancellationToken)
            ?? await ServerPrograms.InAsync(Path.Combine(directory, "bin"), runner, cancellationToken)
            ?? throw new DatabaseServerException(
                $"Database:BinariesDirectory says {options.BinariesDirectory}, but PostgreSQL's initdb, pg_ctl and postgres are " +
                "not there, or cannot be run by the account that the server runs as. Name the directory that holds them, or leave " +
                "the key out.");
        if (wanted is null && programs.Major < ServerPrograms.OldestMajor)
        {
            throw new DatabaseServerException(
                $"Database:BinariesDirectory holds PostgreSQL {programs.Version}; Attune needs {ServerPrograms.OldestMajor} or newer.");
        }

        return wanted is null || programs.Major == wanted ? programs : throw OtherVersion(wanted.Value, [programs.Major]);
    }

    private async Task<ServerPrograms> DownloadedAsync(int? wanted, SortedSet<int> others, CancellationToken cancellationToken)
    {
        var server = new PgServer(new PgServerOptions
        {
            PgVersion = $"{wanted ?? MajorToDownload}",
            BinariesDir = files.Programs,
            DbDir = files.Programs,
            DownloadRetryCount = 1,
            Logger = logger,
        });
        try
        {
            Log.Downloading(logger, wanted ?? MajorToDownload, files.Programs);
            await server.InstallAsync(cancellationToken);
            return await ServerPrograms.InAsync(server.PgBinDir, runner, cancellationToken)
                ?? throw new DatabaseServerException($"The programs downloaded to {server.PgBinDir} cannot be run. {ToInstall}");
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or DatabaseServerException))
        {
            Log.NotDownloaded(logger, failure);
            throw wanted is { } major && others.Count > 0 ? OtherVersion(major, others) : NoneFound(others, failure);
        }
    }

    private const string ToInstall =
        "Install PostgreSQL 15 or newer (Debian and Ubuntu: apt install postgresql; macOS: brew install postgresql@17; Windows: the " +
        "installer of postgresql.org), or set Database:BinariesDirectory to the directory of its initdb and pg_ctl, or set " +
        "Database:ConnectionString to use a server of your own.";

    private static DatabaseServerException NoneFound(SortedSet<int> others, Exception failure)
    {
        var found = others.Count > 0 ? $" (only version {string.Join(", ", others)}, which is too old)" : "";
        return new(
            $"PostgreSQL's server programs were not found on this machine{found}, and could not be downloaded. {ToInstall}", failure);
    }

    private DatabaseServerException OtherVersion(int wanted, IEnumerable<int> found) => new(
        $"The data in {files.Cluster} were written by PostgreSQL {wanted}, and can be read by that version only; here is version " +
        $"{string.Join(", ", found)}. Install PostgreSQL {wanted}, or set Database:BinariesDirectory to its programs, or set " +
        "Database:DataDirectory to another directory to begin anew, or bring the data to the new version with pg_upgrade.");

    private static IEnumerable<string> Candidates()
    {
        foreach (var entry in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            var control = Path.Combine(entry, OperatingSystem.IsWindows() ? "pg_ctl.exe" : "pg_ctl");
            if (Path.IsPathRooted(entry) && File.Exists(control))
            {
                // What is in the path is often a link to where the others are too.
                yield return Path.GetDirectoryName(File.ResolveLinkTarget(control, returnFinalTarget: true)?.FullName ?? control)!;
            }
        }

        foreach (var place in UsualPlaces.SelectMany(Expand))
        {
            yield return place;
        }
    }

    private static IEnumerable<string> Expand(string pattern)
    {
        var segments = pattern.Split('/', '\\');
        var star = Array.FindIndex(segments, segment => segment.Contains('*', StringComparison.Ordinal));
        var parent = string.Join(Path.DirectorySeparatorChar, segments[..star]);
        if (!Directory.Exists(parent))
        {
            return [];
        }

        return Directory.EnumerateDirectories(parent, segments[star])
            .OrderByDescending(Number)
            .Select(version => Path.Combine([version, .. segments[(star + 1)..]]));
    }

    private static int Number(string directory)
    {
        var digits = Path.GetFileName(directory).SkipWhile(letter => !char.IsAsciiDigit(letter)).TakeWhile(char.IsAsciiDigit);
        return int.TryParse(string.Concat(digits), out var number) ? number : 0;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL {Major} is not installed here: downloading it to {Directory}")]
        public static partial void Downloading(ILogger logger, int major, string directory);

        [LoggerMessage(Level = LogLevel.Debug, Message = "PostgreSQL could not be downloaded")]
        public static partial void NotDownloaded(ILogger logger, Exception failure);
    }
}
