namespace Attune.Db.Embedded;

/// <summary>What lies where in the data directory.</summary>
internal sealed record ServerFiles(string Directory)
{
    /// <summary>PostgreSQL's own directory, made by <c>initdb</c>; the only part that belongs to the server's account.</summary>
    public string Cluster => Path.Combine(Directory, ClusterName);

    /// <summary>The password of the one role, for the owner of the data directory alone.</summary>
    public string Password => Path.Combine(Directory, "password");

    /// <summary>The settings, written at every start.</summary>
    public string Settings => Path.Combine(Directory, SettingsName);

    /// <summary>Held by whoever is starting or stopping the server.</summary>
    public string StartLock => Path.Combine(Directory, "start.lock");

    /// <summary>Shared by all hosts that use the server.</summary>
    public string HostsLock => Path.Combine(Directory, "hosts.lock");

    /// <summary>Downloaded programs, where none are installed.</summary>
    public string Programs => Path.Combine(Directory, "programs");

    public string StartLog => Path.Combine(Cluster, StartLogName);

    public string ProcessFile => Path.Combine(Cluster, "postmaster.pid");

    // The programs run with the data directory as their working directory and get these names as they are: a path with
    // spaces, quotes or dollar signs would otherwise pass through the shell that pg_ctl starts the server with.
    public const string ClusterName = "postgres";
    public const string SettingsName = "postgresql.conf";
    public const string StartLogName = "start.log";

    /// <summary>The major version that the cluster was made by; null when there is none yet.</summary>
    public int? ClusterMajor()
    {
        var file = Path.Combine(Cluster, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), out var major) ? major : null;
    }
}
