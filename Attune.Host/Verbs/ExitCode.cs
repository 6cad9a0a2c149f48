namespace Attune.Host.Verbs;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It did not work, or <c>doctor</c> found something that needs looking into.</summary>
    public const int Failed = 1;

    /// <summary><c>migrate --pending</c> has listed scripts, or <c>apply --dry-run</c> differences.</summary>
    public const int Pending = 2;

    /// <summary>The arguments make no sense; the number is that of sysexits.h.</summary>
    public const int Usage = 64;

    /// <summary>Told to stop before it was done; 128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
