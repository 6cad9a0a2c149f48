using System.Runtime.InteropServices;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>Threads that take the processor when nobody else wants it.</summary>
internal static class BackgroundThreads
{
    // Nicer than others, and not the nicest there is: a collection of garbage waits for this thread, too.
    private const int Niceness = 10;
    private const int OfThread = 0;
    private const int Calling = 0;

    /// <summary>Makes the calling thread one of them, where the system can: on Linux .NET's own priorities of threads do nothing.</summary>
    public static void Yield()
    {
        if (OperatingSystem.IsLinux())
        {
            // It is a courtesy: where it is refused, the thread goes on as any other.
            _ = SetPriority(OfThread, Calling, Niceness);
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);
}
