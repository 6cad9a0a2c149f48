using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Attune.Tests.Approved;

/// <summary>The settings that an options class holds: its key, its type and what it is when nothing is said.</summary>
[TestFixture]
public sealed class SettingsTests
{
    [Test]
    public void The_settings_are_the_approved_ones() => Listing.Check("settings.txt", Architecture.Modules.All
        .SelectMany(assembly => assembly.GetTypes())
        .Select(type => (Type: type, Section: type.GetField("Section", BindingFlags.Static | BindingFlags.Public)))
        .Where(options => options.Section is { IsLiteral: true })
        .SelectMany(options => Settings(options.Type, (string)options.Section!.GetRawConstantValue()!))
        .Order(StringComparer.Ordinal));

    private static IEnumerable<string> Settings(Type type, string section)
    {
        var standard = Activator.CreateInstance(type);
        return type.GetProperties()
            .Where(property => property.CanWrite || typeof(IList).IsAssignableFrom(property.GetValue(standard)?.GetType()))
            .Select(property => $"{section}:{property.Name} {Name(property.PropertyType)} = {Shown(property.GetValue(standard))}");
    }

    private static string Name(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? $"{Name(value)}?"
            : type.IsGenericType ? $"list of {Name(type.GetGenericArguments()[0])}"
            : type.Name;

    private static string Shown(object? value) => value switch
    {
        null => "(none)",
        string text => $"\"{text}\"",
        IList list => $"[{string.Join(", ", list.Cast<object>())}]",
        IFormattable one => one.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
