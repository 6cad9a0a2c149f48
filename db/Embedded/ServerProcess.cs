using System.Diagnostics;
using System.Globalization;

namespace Attune.Db.Embedded;

/// <summary>The server of a cluster, as its <c>postmaster.pid</c> tells of it.</summary>
internal sealed record ServerProcess(int Id, int Port, bool IsReady)
{
    /// <summary>The server that runs on a cluster, whoever started it; null when none does, whatever the file says.</summary>
    public static ServerProcess? Of(ServerFiles files)
    {
        if (!TryRead(files.ProcessFile, out var text))
        {
            return null;
        }

        // process id, data directory, start time, port, socket directory, listen address, shared memory, status
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        return lines.Length > 3
            && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var id)
            && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port)
            && IsServer(id, text)
            ? new(id, port, lines.Length > 7 && lines[7] == "ready")
            : null;
    }

    /// <summary>
    /// Removes the file of a server that is gone when its number has become another process's: PostgreSQL would take that for the
    /// server and refuse to start. Any other file that was left behind it deals with itself.
    /// </summary>
    public static void ForgetStale(ServerFiles files)
    {
        if (TryRead(files.ProcessFile, out var text)
            && int.TryParse(text.Split('\n')[0], CultureInfo.InvariantCulture, out var id)
            && Exists(id)
            && !IsServer(id, text))
        {
            File.Delete(files.ProcessFile);
        }
    }

    private static bool Exists(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // The number alone says little: after a crash or a reboot it may have become another process's.
    private static bool IsServer(int id, string text)
    {
        if (OperatingSystem.IsLinux())
        {
            return TryRead($"/proc/{id}/cwd/postmaster.pid", out var its) && Head(its).SequenceEqual(Head(text));
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return process.ProcessName.StartsWith("post", StringComparison.OrdinalIgnoreCase);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // Process id, data directory and start time; what follows changes while the server starts.
    private static IEnumerable<string> Head(string text) => text.Split('\n').Take(3);

    private static bool TryRead(string path, out string text)
    {
        text = "";
        try
        {
            using var reader = new StreamReader(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            text = reader.ReadToEnd();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
