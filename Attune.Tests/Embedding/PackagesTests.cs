using System.Diagnostics;
using System.IO.Compression;
using Attune.Tests.Architecture;
using Attune.Tests.Db;

namespace Attune.Tests.Embedding;

/// <summary>The packages, as another program gets them: packed, restored from a folder, compiled against, and run.</summary>
[TestFixture]
public sealed class PackagesTests
{
    // A version of its own, so that no package of a release is taken for this build's.
    private const string Version = "0.1.0-test";

    private static readonly string[] Projects =
    [
        "db/Attune.Db",
        "Attune.Modules.Events/Attune.Modules.Events",
        "Attune.Modules.Enforcements/Attune.Modules.Enforcements",
        "Attune.Modules.History/Attune.Modules.History",
    ];

    private string _folder = "";

    private static CancellationToken Cancellation => TestContext.CurrentContext.CancellationToken;

    private string Packages => Path.Combine(_folder, "packages");

    [OneTimeSetUp]
    public async Task PackAsync()
    {
        _folder = Directory.CreateTempSubdirectory("attune-packages-").FullName;
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        foreach (var project in Projects)
        {
            string[] options = ["--no-build", "--configuration", configuration, "--output", Packages, $"-p:Version={Version}"];
            await DotnetAsync(Repository.Root, ["pack", $"{project}.csproj", .. options]);
        }
    }

    [OneTimeTearDown]
    public void Remove()
    {
        if (_folder.Length > 0)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Test]
    public void Each_package_has_its_readme_and_its_documentation()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var name in Projects.Select(project => Path.GetFileName(project)))
            {
                using var package = ZipFile.OpenRead(Path.Combine(Packages, $"{name}.{Version}.nupkg"));
                var files = package.Entries.Select(entry => entry.FullName).ToList();
                Assert.That(files, Does.Contain("README.md").And.Contain($"lib/net10.0/{name}.dll").And.Contain($"lib/net10.0/{name}.xml"));
            }
        }
    }

    [Test]
    public async Task A_fresh_program_restores_them_from_a_folder_and_runs_the_sample_of_the_readme()
    {
        await using var database = await ScratchDatabase.EmptyAsync(DatabaseEngine.Native);
        var program = Directory.CreateDirectory(Path.Combine(_folder, "program")).FullName;
        var sample = Sample.In("README.md", "In a program of your own");
        await File.WriteAllTextAsync(Path.Combine(program, "Program.cs"), sample.Code, Cancellation);
        await File.WriteAllTextAsync(Path.Combine(program, "program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestoreAdditionalProjectSources>{Packages}</RestoreAdditionalProjectSources>
                <RestoreAdditionalProjectFallbackFolders>{GlobalPackages()}</RestoreAdditionalProjectFallbackFolders>
                <!-- It would ask a server. -->
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Attune.Modules.Enforcements" Version="{Version}" />
                <PackageReference Include="Attune.Modules.History" Version="{Version}" />
              </ItemGroup>
            </Project>
            """, Cancellation);

        await DotnetAsync(program, "build", "--output", "out", "-p:UseSharedCompilation=false");
        var output = await DotnetAsync(
            program, Path.Combine("out", "program.dll"), $"--ConnectionStrings:Attune={database.ConnectionString}");

        Assert.That(output, Does.Contain("""{"number": "INV-4711"}"""));
    }

    // What this build was restored into: everything that the packages depend on is there, also without a network.
    private static string GlobalPackages() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private async Task<string> DotnetAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Restored packages go into a folder of their own, and no compiler is left behind.
        if (folder != Repository.Root)
        {
            start.Environment["NUGET_PACKAGES"] = Path.Combine(_folder, "restored");
        }

        // What `dotnet test` tells its own build is not for this one.
        foreach (var key in start.Environment.Keys.Where(key => key.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(key);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        try
        {
            await process.WaitForExitAsync(Cancellation);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        var said = await output + await errors;
        Assert.That(process.ExitCode, Is.Zero, said);
        Assert.That(said, Does.Not.Contain(": warning "), said);
        return said;
    }
}
