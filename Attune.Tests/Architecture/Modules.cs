using System.Reflection;
using System.Runtime.CompilerServices;
using Attune.Host;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Modules.History;
using Attune.Web;

namespace Attune.Tests.Architecture;

/// <summary>The assemblies that make up Attune, and what they hold.</summary>
internal static class Modules
{
    public static Assembly Db { get; } = typeof(DatabaseModule).Assembly;

    public static Assembly Events { get; } = typeof(EventsModule).Assembly;

    public static Assembly Enforcements { get; } = typeof(EnforcementsModule).Assembly;

    public static Assembly History { get; } = typeof(HistoryModule).Assembly;

    public static Assembly Web { get; } = typeof(WebModule).Assembly;

    public static Assembly Host { get; } = typeof(AttuneHost).Assembly;

    public static IReadOnlyList<Assembly> All { get; } = [Db, Events, Enforcements, History, Web, Host];

    /// <summary>Types that somebody wrote: without those that the compiler makes up.</summary>
    public static IEnumerable<Type> Types(Assembly assembly) => assembly.GetTypes().Where(type =>
        !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && type.FullName!.StartsWith("Attune.", StringComparison.Ordinal)
        && !type.FullName.Contains('<', StringComparison.Ordinal));
}
