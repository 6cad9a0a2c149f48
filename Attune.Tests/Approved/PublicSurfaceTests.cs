using System.Reflection;
using PublicApiGenerator;

namespace Attune.Tests.Approved;

/// <summary>What the packages show to other programs.</summary>
[TestFixture]
public sealed class PublicSurfaceTests
{
    private static IEnumerable<Assembly> Packed =>
        [Architecture.Modules.Db, Architecture.Modules.Events, Architecture.Modules.Enforcements, Architecture.Modules.History];

    [TestCaseSource(nameof(Packed))]
    public void The_public_surface_of_a_package_is_the_approved_one(Assembly assembly) => Listing.Check(
        $"{assembly.GetName().Name}.txt",
        assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));
}
