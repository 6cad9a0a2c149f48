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

    /// <summary>The value of a fact in a panel, without the space around it.</summary>
    public static string Fact<T>(this IRenderedComponent<T> page, string panel, string name) where T : IComponent =>
        page.FactElement(panel, name).TextContent.Trim();

    public static IElement FactElement<T>(this IRenderedComponent<T> page, string panel, string name) where T : IComponent =>
        page.Panel(panel).QuerySelector($"[data-fact='{name}'] dd")!;

    /// <summary>The numbers in the first column of a list.</summary>
    public static IReadOnlyList<long> Ids<T>(this IRenderedComponent<T> page) where T : IComponent =>
        [.. page.FindAll("td.id").Select(cell => long.Parse(cell.TextContent.TrimStart('#'), System.Globalization.CultureInfo.InvariantCulture))];

    public static void Until<T>(this IRenderedComponent<T> page, Func<bool> holds) where T : IComponent =>
        page.WaitForState(holds, Deadline);
}
