using System.Globalization;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace Attune.Tests.Web;

/// <summary>What a reader finds on a page.</summary>
internal static class Pages
{
    // Signals are gathered for a moment and read on another thread; only a failure waits so long.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<string> Headings<T>(this IRenderedComponent<T> page) where T : IComponent =>
        [.. page.FindAll("section h2").Select(heading => heading.FirstChild!.TextContent.Trim())];

    /// <summary>The panel of a title.</summary>
    public static IElement Panel<T>(this IRenderedComponent<T> page, string title) where T : IComponent =>
        page.FindAll("section").Single(section => section.QuerySelector("h2")?.FirstChild?.TextContent.Trim() == title);

    /// <summary>The value of a property in a panel, without the space around it.</summary>
    public static string Property<T>(this IRenderedComponent<T> page, string panel, string name) where T : IComponent =>
        page.PropertyElement(panel, name).TextContent.Trim();

    public static IElement PropertyElement<T>(this IRenderedComponent<T> page, string panel, string name) where T : IComponent =>
        page.Panel(panel).QuerySelector($"[data-property='{name}'] dd")!;

    /// <summary>The numbers in the first column of a list.</summary>
    public static IReadOnlyList<long> Ids<T>(this IRenderedComponent<T> page) where T : IComponent =>
        [.. page.FindAll("td.id").Select(cell => long.Parse(cell.TextContent.TrimStart('#'), CultureInfo.InvariantCulture))];

    public static void Until<T>(this IRenderedComponent<T> page, Func<bool> holds) where T : IComponent =>
        page.WaitForState(holds, Deadline);
}
