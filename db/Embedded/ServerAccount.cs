using System.Globalization;

namespace Attune.Db.Embedded;

/// <summary>The account that the server's programs run as: the host's own, or another when the host runs as root.</summary>
/// <param name="Name">Null for the host's own.</param>
/// <param name="Ids">User and group, as <c>chown</c> takes them.</param>
internal sealed record ServerAccount(string? Name, string Ids)
{
    private static readonly string[] Preferred = ["postgres", "_postgres", "nobody"];

    public static ServerAccount Own { get; } = new(null, "");

    /// <summary>PostgreSQL refuses to run as root. On Windows it gives up an administrator's rights by itself.</summary>
    public static bool Needed => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    /// <summary>The account for a data directory: the one its cluster belongs to, else the first there is.</summary>
    public static async Task<ServerAccount> ForAsync(ServerFiles files, CancellationToken cancellationToken)
    {
        if (!Needed)
        {
            return Own;
        }

        if (Directory.Exists(files.Cluster))
        {
            var owner = await OwnerAsync(files.Cluster, cancellationToken);
            return Find(owner) ?? throw new DatabaseServerException(
                $"{files.Cluster} belongs to '{owner}', which is no account of this machine that PostgreSQL could run as. " +
                "Give the directory back to the account that made it, or set Database:DataDirectory to another.");
        }

        return Preferred.Select(Find).FirstOrDefault(account => account is not null) ?? throw new DatabaseServerException(
            "PostgreSQL does not run as root, and this machine has neither an account 'postgres' nor 'nobody' to run it as. " +
            "Start Attune as an ordinary user, or set Database:ConnectionString to use a server of your own.");
    }

    /// <summary>Whether the account gets through to a directory, or to the nearest one above it that exists.</summary>
    public async Task<bool> ReachesAsync(string directory, CancellationToken cancellationToken)
    {
        if (Name is null)
        {
            return true;
        }

        var existing = directory;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing)!;
        }

        var look = await new ProgramRunner(this, "/").RunAsync("/bin/sh", ["-c", "test -x \"$1\"", "sh", existing], cancellationToken);
        return look.Succeeded;
    }

    /// <summary>Gives a file or an empty directory to the account.</summary>
    public async Task TakeAsync(string path, CancellationToken cancellationToken)
    {
        if (Name is not null)
        {
            var change = await new ProgramRunner(Own, "/").RunAsync("chown", [Ids, path], cancellationToken);
            if (!change.Succeeded)
            {
                throw new DatabaseServerException(
                    $"{path} could not be given to the account '{Name}', as which PostgreSQL has to run because it refuses root: " +
                    $"{change.Summary} Set Database:DataDirectory to a directory on a local disk.");
            }
        }
    }

    private static ServerAccount? Find(string name)
    {
        // name:password:uid:gid:…
        var fields = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(line => line[0] == name);
        return fields is { Length: > 3 }
            && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var user)
            && user != 0
            ? new(name, $"{fields[2]}:{fields[3]}")
            : null;
    }

    private static async Task<string> OwnerAsync(string path, CancellationToken cancellationToken)
    {
        string[] arguments = OperatingSystem.IsLinux() ? ["-c", "%U", path] : ["-f", "%Su", path];
        return (await new ProgramRunner(Own, "/").RunAsync("stat", arguments, cancellationToken)).Output.Trim();
    }
}
