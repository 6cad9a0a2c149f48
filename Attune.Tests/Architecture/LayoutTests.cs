using System.Xml.Linq;

namespace Attune.Tests.Architecture;

[TestFixture]
public sealed class LayoutTests
{
    private static readonly string[] Projects =
    [
        "Attune.Host", "Attune.Modules.Enforcements", "Attune.Modules.Events", "Attune.Modules.History", "Attune.Tests", "Attune.Web", "db",
    ];

    // What tools look for at the root, and nothing else.
    private static readonly string[] ToolFiles =
        [".editorconfig", ".gitattributes", ".gitignore", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    // What is there but not in the repository.
    private static readonly string[] Untracked = [".git", ".idea", ".vs", ".vscode", "artifacts", "bin", "obj", "TestResults"];

    [Test]
    public void The_root_has_the_projects_the_solution_the_readme_and_files_of_tools_only()
    {
        var names = Directory.EnumerateFileSystemEntries(Repository.Root)
            .Select(entry => Path.GetFileName(entry))
            .Except(Untracked);

        Assert.That(names, Is.EquivalentTo(Projects.Concat(ToolFiles).Append("Attune.sln").Append("README.md").Append(".ci")));
    }

    [Test]
    public void The_solution_has_every_project()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Attune.sln"));

        foreach (var project in Projects.SelectMany(folder => Repository.Files(folder, "*.csproj")))
        {
            Assert.That(solution, Does.Contain($"{Path.GetFileName(project)}\""));
        }
    }

    [TestCaseSource(nameof(Projects))]
    public void A_project_says_what_it_is_and_how_to_change_it(string folder) =>
        Assert.That(Path.Combine(Repository.Root, folder, "README.md"), Does.Exist);

    [Test]
    public void Every_package_has_its_version_in_one_place()
    {
        var versioned = Projects
            .SelectMany(folder => Repository.Files(folder, "*.csproj"))
            .SelectMany(project => XDocument.Load(project).Descendants("PackageReference"))
            .Where(reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null);

        Assert.That(versioned, Is.Empty);
    }

    [Test]
    public void Pages_stay_short_and_have_their_code_beside_them()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var markup in Repository.Files("Attune.Web", "*.razor"))
            {
                var text = File.ReadAllLines(markup);
                Assert.That(text, Has.Length.LessThanOrEqualTo(120), markup);
                Assert.That(text, Has.None.StartsWith("@code"), markup);
            }
        }
    }
}
