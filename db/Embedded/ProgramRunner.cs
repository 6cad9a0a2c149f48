using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Attune.Db.Embedded;

/// <summary>How a program ended, and what it said.</summary>
internal sealed record ProgramResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last things it said, as one line.</summary>
    public string Summary => Tail(Output);

    public static string Tail(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var said = string.Join(' ', lines.TakeLast(4));
        return said.Length == 0 ? "it said nothing." : said.EndsWith('.') ? said : said + ".";
    }
}

/// <summary>Runs PostgreSQL's programs to their end, as the server's account.</summary>
internal sealed class ProgramRunner(ServerAccount account, string workingDirectory)
{
    // A server that pg_ctl has started may hold on to the pipes of pg_ctl for ever.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    // Where programs, libraries, temporary files and time zones are; Windows starts no program without some of these.
    private static readonly HashSet<string> Passed = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "HOME", "TMPDIR", "TMP", "TEMP", "TZ", "TZDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        "SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "USERPROFILE", "ProgramData",
    };

    /// <exception cref="DatabaseServerException">The program cannot be run at all.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the program has been killed.</exception>
    public async Task<ProgramResult> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var said = new StringBuilder();
        var listening = Task.WhenAll(ListenAsync(process.StandardOutput, said), ListenAsync(process.StandardError, said));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        await Task.WhenAny(listening, Task.Delay(LastWords, CancellationToken.None));
        lock (said)
        {
            return new(process.ExitCode, said.ToString());
        }
    }

    private Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };

        // What the host was told in its environment is none of the server's business, and PGDATA, PGPORT and the like speak of another
        // one. What the programs say is looked through in English.
        foreach (var key in start.Environment.Keys.Where(key => !Passed.Contains(key)).ToArray())
        {
            start.Environment.Remove(key);
        }

        start.Environment["LC_ALL"] = "C";
        if (account.Name is { } name)
        {
            start.UserName = name;
            start.Environment["HOME"] = workingDirectory;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception refused)
        {
            var who = account.Name is null ? "" : $" as the account '{account.Name}'";
            throw new DatabaseServerException($"{program} cannot be run{who}: {refused.Message}", refused);
        }
    }

    private static async Task ListenAsync(StreamReader reader, StringBuilder said)
    {
        var buffer = new char[1024];
        int read;
        while ((read = await reader.ReadAsync(buffer)) > 0)
        {
            lock (said)
            {
                said.Append(buffer, 0, read);
            }
        }
    }
}
