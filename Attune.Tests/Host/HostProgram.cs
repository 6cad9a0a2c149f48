using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Attune.Host;

namespace Attune.Tests.Host;

/// <summary>The program as a person starts it: a process with arguments, output and an exit code.</summary>
internal sealed partial class HostProgram : IAsyncDisposable
{
    // Several start beside each other, each with a server and a schema to make.
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Process _process;
    private string? _address;

    private HostProgram(Process process) => _process = process;

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    /// <summary>Null before it listens.</summary>
    public string? Address => _address ??= Listening().Match(Output) is { Success: true } line ? line.Groups[1].Value : null;

    public bool HasExited => _process.HasExited;

    public static HostProgram Start(params string[] arguments)
    {
        // From another directory, and without what the run of the tests has in its environment.
        var start = new ProcessStartInfo("dotnet", [typeof(AttuneHost).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var key in start.Environment.Keys.Where(key => key.StartsWith("ASPNETCORE_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(key);
        }

        var program = new HostProgram(new Process { StartInfo = start });
        program._process.OutputDataReceived += (_, line) => Keep(program._output, line.Data);
        program._process.ErrorDataReceived += (_, line) => Keep(program._errors, line.Data);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Starts it on a free port and waits until it listens.</summary>
    public static async Task<HostProgram> ServeAsync(params string[] settings)
    {
        var program = Start(["--urls", "http://127.0.0.1:0", .. settings]);
        var deadline = DateTime.UtcNow + LongestStart;
        while (program.Address is null)
        {
            if (program.HasExited || DateTime.UtcNow > deadline)
            {
                await program.DisposeAsync();
                Assert.Fail($"The host does not listen. It said: {program.Output} {program.Errors}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        return program;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<HostProgram> RunAsync(params string[] arguments)
    {
        var program = Start(arguments);
        await program.ExitCodeAsync();
        return program;
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(LongestStart);
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop, as Ctrl-C and service managers do, and waits for its end.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await ExitCodeAsync();
    }

    /// <summary>Sends it a signal, unless it has ended.</summary>
    public async Task SignalAsync(string name)
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }
    }

    /// <summary>kill -9: nothing of it gets to run any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    [GeneratedRegex(@"is listening on (http://[^\s,]+)")]
    private static partial Regex Listening();
}
