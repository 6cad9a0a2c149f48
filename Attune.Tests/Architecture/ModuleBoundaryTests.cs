using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Attune.Modules.Enforcements;

namespace Attune.Tests.Architecture;

[TestFixture]
public sealed partial class ModuleBoundaryTests
{
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Attune.Db"] = [],
        ["Attune.Modules.Events"] = ["Attune.Db"],
        ["Attune.Modules.Enforcements"] = ["Attune.Db", "Attune.Modules.Events"],
        ["Attune.Modules.History"] = ["Attune.Db"],
        ["Attune.Web"] = ["Attune.Db", "Attune.Modules.Events", "Attune.Modules.Enforcements", "Attune.Modules.History"],
        ["Attune.Host"] =
            ["Attune.Db", "Attune.Modules.Events", "Attune.Modules.Enforcements", "Attune.Modules.History", "Attune.Web"],
    };

    // What an action of another program is handed, and what runs one in that program's tests.
    private static readonly Type[] ForOwnActions = [typeof(ActionContext), typeof(ActionTestRunner)];

    private static IEnumerable<Assembly> Everything => Modules.All;

    private static IEnumerable<Assembly> Doors => [Modules.Events, Modules.Enforcements, Modules.History];

    [TestCaseSource(nameof(Everything))]
    public void A_project_uses_only_those_it_may_know(Assembly assembly)
    {
        var used = assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(
            name => name.StartsWith("Attune.", StringComparison.Ordinal));

        Assert.That(used, Is.SubsetOf(MayKnow[assembly.GetName().Name!]));
    }

    // A reference that nothing uses yet is left out of an assembly, but not out of its project.
    [TestCaseSource(nameof(Everything))]
    public void A_project_references_only_those_it_may_know(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        var project = Path.Combine(Repository.Root, name == "Attune.Db" ? "db" : name, $"{name}.csproj");

        var referenced = XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.That(referenced, Is.SubsetOf(MayKnow[name]));
    }

    [TestCaseSource(nameof(Everything))]
    public void A_class_that_is_no_contract_is_sealed(Assembly assembly)
    {
        var open = Modules.Types(assembly).Where(type =>
            type.IsClass && !type.IsVisible && !type.IsSealed && !type.IsAbstract
            && !assembly.GetTypes().Any(other => other.BaseType is { } parent && (parent == type || IsOf(parent, type))));

        Assert.That(open.Select(type => type.FullName), Is.Empty);

        static bool IsOf(Type parent, Type type) => parent.IsGenericType && parent.GetGenericTypeDefinition() == type;
    }

    [TestCaseSource(nameof(Everything))]
    public void A_contract_is_not_made_to_be_derived_from(Assembly assembly)
    {
        var open = Modules.Types(assembly).Where(type =>
            type.IsClass && type.IsVisible && !type.IsSealed && !type.IsAbstract && !IsComponent(type));

        Assert.That(open.Select(type => type.FullName), Is.Empty);

        // The compiler makes a class of each page, public and open.
        static bool IsComponent(Type type) => typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(type)
            || type.Name == "_Imports";
    }

    [TestCaseSource(nameof(Doors))]
    public void A_module_shows_its_door_its_interfaces_and_plain_records_only(Assembly module)
    {
        var name = $"{module.GetName().Name!.Split('.')[^1]}Module";

        var strangers = Modules.Types(module).Where(type => type.IsVisible && !(
            type.Name == name
            || type.IsInterface
            || type.IsEnum
            || type.IsValueType
            || typeof(Exception).IsAssignableFrom(type)
            || IsRecord(type)
            || IsWords(type)
            || typeof(Attribute).IsAssignableFrom(type)
            || ForOwnActions.Contains(type)
            || type.Name.EndsWith("Options", StringComparison.Ordinal)));

        Assert.That(strangers.Select(type => type.FullName), Is.Empty);
        Assert.That(module.GetType($"{module.GetName().Name}.{name}"), Is.Not.Null, "the door itself");
    }

    [Test]
    public void An_interface_is_a_contract_or_has_several_answers()
    {
        var needless = Doors.Append(Modules.Db).SelectMany(module => Modules.Types(module)
            .Where(type => type.IsInterface && !type.IsVisible)
            .Where(type => module.GetTypes().Count(other => other.IsClass && type.IsAssignableFrom(other)) < 2));

        Assert.That(needless.Select(type => type.FullName), Is.Empty);
    }

    [Test]
    public void Pages_know_neither_the_driver_nor_sql()
    {
        Assert.That(
            Modules.Web.GetReferencedAssemblies().Select(name => name.Name),
            Has.None.StartsWith("Npgsql").And.None.StartsWith("Dapper").And.None.StartsWith("dbup"));

        var withSql = Repository.Files("Attune.Web", "*.cs").Concat(Repository.Files("Attune.Web", "*.razor"))
            .Where(file => Sql().IsMatch(File.ReadAllText(file)));
        Assert.That(withSql, Is.Empty);
    }

    [Test]
    public void Only_the_database_project_knows_how_it_is_migrated()
    {
        foreach (var assembly in Modules.All.Except([Modules.Db]))
        {
            Assert.That(assembly.GetReferencedAssemblies().Select(name => name.Name), Has.None.StartsWith("dbup"));
        }
    }

    [Test]
    public void Every_asynchronous_call_of_a_contract_can_be_cancelled()
    {
        var calls = Doors.SelectMany(Modules.Types)
            .Where(type => type is { IsInterface: true, IsVisible: true })
            .SelectMany(type => type.GetMethods())
            .Where(method => typeof(Task).IsAssignableFrom(method.ReturnType) || method.ReturnType.Name.StartsWith(
                "ValueTask", StringComparison.Ordinal));

        var deaf = calls.Where(method =>
            method.GetParameters() is not [.., { ParameterType: var last, HasDefaultValue: false }] || last != typeof(CancellationToken));

        Assert.That(deaf.Select(method => $"{method.DeclaringType!.Name}.{method.Name}"), Is.Empty);
    }

    // A record has a method that prints its members.
    private static bool IsRecord(Type type) =>
        type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null;

    // A static class of constants: words that both sides of a contract must spell alike.
    private static bool IsWords(Type type) => type is { IsAbstract: true, IsSealed: true }
        && type.GetFields(BindingFlags.Static | BindingFlags.Public).All(field => field.IsLiteral || field.IsInitOnly);

    [GeneratedRegex(@"\b(SELECT\s+.+\s+FROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b")]
    private static partial Regex Sql();
}
