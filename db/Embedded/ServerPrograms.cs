using System.Globalization;
using System.Text.RegularExpressions;

namespace Attune.Db.Embedded;

/// <summary>PostgreSQL's server programs of one installation.</summary>
internal sealed partial record ServerPrograms(string Directory, int Major, string Version)
{
    public const int OldestMajor = 15;

    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];
    private static readonly string[] LibraryKinds = ["so", "dylib", "dll"];

    public string InitDb => In(Directory, "initdb");

    public string PgCtl => In(Directory, "pg_ctl");

    /// <summary>The programs in a directory, when they are all there and can be run.</summary>
    public static async Task<ServerPrograms?> InAsync(string directory, ProgramRunner runner, CancellationToken cancellationToken)
    {
        if (!Needed.All(name => File.Exists(In(directory, name))))
        {
            return null;
        }

        try
        {
            // postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)
            var said = await runner.RunAsync(In(directory, "postgres"), ["--version"], cancellationToken);
            var version = VersionIn().Match(said.Output);
            return said.Succeeded && version.Success
                ? new(directory, int.Parse(version.Groups[1].Value, CultureInfo.InvariantCulture), version.Value)
                : null;
        }
        catch (DatabaseServerException)
        {
            return null;
        }
    }

    /// <summary>Whether TimescaleDB is installed beside these programs.</summary>
    public async Task<bool> OfferTimescaleAsync(ProgramRunner runner, CancellationToken cancellationToken)
    {
        var libraries = Path.Combine(Path.GetDirectoryName(Directory)!, "lib");
        if (File.Exists(In(Directory, "pg_config")))
        {
            var said = await runner.RunAsync(In(Directory, "pg_config"), ["--pkglibdir"], cancellationToken);
            libraries = said.Succeeded ? said.Output.Trim() : libraries;
        }

        string[] places = [libraries, Path.Combine(libraries, "postgresql")];
        return places.Any(place => LibraryKinds.Any(kind => File.Exists(Path.Combine(place, $"timescaledb.{kind}"))));
    }

    private static string In(string directory, string program) =>
        Path.Combine(directory, OperatingSystem.IsWindows() ? program + ".exe" : program);

    [GeneratedRegex(@"\b(\d+)(?:\.\d+|devel|beta\d+|rc\d+)+")]
    private static partial Regex VersionIn();
}
