using System.Diagnostics;
using System.Globalization;
using Attune.Db.Embedded;

namespace Attune.Tests.Host;

/// <summary>A data directory for one test: whatever still runs in it is ended, and it goes with the test.</summary>
internal sealed class DataFolder : IAsyncDisposable
{
    public DataFolder(string suffix = "") => Path = System.IO.Path.Combine(
        System.IO.Path.GetTempPath(), $"attune-host-{Guid.NewGuid():N}{suffix}");

    public string Path { get; }

    public string Setting => $"--Database:DataDirectory={Path}";

    public ServerFiles Files => new(Path);

    public bool ServerRuns => ServerProcess.Of(Files) is not null;

    public DatabaseOptions Options => new() { DataDirectory = Path, Engine = DatabaseEngine.Native };

    public async ValueTask DisposeAsync()
    {
        if (ServerProcess.Of(Files) is { } server)
        {
            using var kill = Process.Start("kill", ["-QUIT", server.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            await Eventually.HoldsAsync(() => !ServerRuns, "the server has ended");
        }

        // An initdb whose host was killed may still be writing.
        await Eventually.HoldsAsync(IsGone, "the data directory can be removed");
    }

    private bool IsGone()
    {
        try
        {
            if (Directory.Exists(Path))
            {
                Directory.Delete(Path, recursive: true);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
