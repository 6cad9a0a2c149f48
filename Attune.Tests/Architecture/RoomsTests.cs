using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace Attune.Tests.Architecture;

/// <summary>Holds <see cref="Rooms.Table"/>: what is not in it, what is in it for nothing, and what goes round in a circle.</summary>
[TestFixture]
public sealed class RoomsTests
{
    private static readonly Dictionary<string, MetadataReference> References =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .DistinctBy(file => Path.GetFileNameWithoutExtension(file))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), MetadataReference (file) => MetadataReference.CreateFromFile(file));

    // The compiler is asked once for each project: most of these tests' time is its.
    private static readonly ConcurrentDictionary<string, Lazy<(RoomArrows Arrows, IReadOnlyList<RoomArrow> Found)>> Asked = new();

    private static IEnumerable<string> Projects => Rooms.Table.Keys;

    [TestCaseSource(nameof(Projects))]
    public void A_room_uses_only_rooms_that_the_table_lets_it_use(string project) =>
        Assert.That(Missing(project, Of(project).Found), Is.Empty);

    [TestCaseSource(nameof(Projects))]
    public void Every_arrow_of_the_table_is_used(string project)
    {
        var found = Of(project).Found.Select(arrow => (arrow.From, arrow.To)).ToHashSet();

        Assert.That(Allowed(project).Where(arrow => !found.Contains(arrow)), Is.Empty);
    }

    [TestCaseSource(nameof(Projects))]
    public void Every_folder_with_sources_is_a_room_of_the_table(string project)
    {
        var arrows = Of(project).Arrows;

        Assert.That(
            Sources(project).Keys.Select(arrows.RoomOf).Distinct().Except([RoomArrows.Base]), Is.SubsetOf(Rooms.Table[project].Keys));
    }

    [TestCaseSource(nameof(Projects))]
    public void The_rooms_of_the_table_know_each_other_in_one_direction(string project)
    {
        var table = Rooms.Table[project];
        Assert.That(table.Keys.Where(room => Reachable(room).Contains(room)), Is.Empty, "rooms that use themselves by way of others");

        HashSet<string> Reachable(string from)
        {
            var seen = new HashSet<string>();
            var left = new Stack<string>(table[from]);
            while (left.TryPop(out var room))
            {
                if (seen.Add(room))
                {
                    Array.ForEach(table.GetValueOrDefault(room, []), left.Push);
                }
            }

            return seen;
        }
    }

    [TestCase("Ledger",
        "internal static class Planted { public static string Name => nameof(Attune.Modules.Events.Triggers.TriggerRules); }", "Triggers")]
    [TestCase("Ledger", "internal static class Planted { public const string Name = Attune.Modules.Events.TimerTriggers.Cron; }", "Timers")]
    [TestCase(
        "Webhooks",
        "internal static class Planted { public static System.Func<System.Threading.Tasks.Task> Name => async () => { await System.Threading.Tasks.Task.Yield(); new Attune.Modules.Events.Timers.DueTicks(null!); }; }",
        "Timers")]
    [TestCase("Webhooks", "internal static class Planted { public static object Name => typeof(Attune.Modules.Events.EventsModule); }",
        RoomArrows.Door)]
    public void An_arrow_that_is_planted_where_none_may_be_is_found(string room, string code, string used)
    {
        const string project = "Attune.Modules.Events";
        var found = Of(project).Arrows.FindIn(Path.Combine(Repository.Root, project, room, "Planted.cs"), code);

        Assert.That(Missing(project, found), Has.One.Contains($"{room} → {used}: {Path.Combine(room, "Planted.cs")}:1"));
    }

    private static (RoomArrows Arrows, IReadOnlyList<RoomArrow> Found) Of(string project) => Asked.GetOrAdd(
        project,
        static project => new(() =>
        {
            var own = project == "db" ? "Attune.Db" : project;
            var references = References.Where(reference => reference.Key != own && reference.Key != "Attune.Tests");
            var arrows = new RoomArrows(
                Path.Combine(Repository.Root, project),
                [.. Rooms.Table[project].Keys],
                Sources(project),
                references.Select(reference => reference.Value));
            return (arrows, arrows.Find());
        })).Value;

    private static Dictionary<string, string> Sources(string project) =>
        Repository.Files(project, "*.cs").Concat(Repository.Files(project, "*.razor")).ToDictionary(file => file, File.ReadAllText);

    private static IEnumerable<(string From, string To)> Allowed(string project) =>
        Rooms.Table[project].SelectMany(room => room.Value.Select(used => (room.Key, used)));

    private static IReadOnlyList<string> Missing(string project, IReadOnlyList<RoomArrow> found)
    {
        var allowed = Allowed(project).ToHashSet();
        return [.. found
            .Where(arrow => !allowed.Contains((arrow.From, arrow.To)))
            .Select(arrow => $"{arrow.From} → {arrow.To}: {arrow.Place}")];
    }
}
