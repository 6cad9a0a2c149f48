using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Attune.Tests.Browser;

/// <summary>What axe finds on a page. It runs in the page itself: the package's own way opens another page for each answer.</summary>
internal static class Axe
{
    /// <summary>WCAG 2.2 AA and what is good practice.</summary>
    public static readonly object Everything =
        new { runOnly = new { type = "tag", values = (string[])["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } };

    /// <summary>What another theme can change.</summary>
    public static readonly object Colours = Rules("color-contrast");

    /// <summary>What a narrow window draws in another way: what can be hit, what has lost its name, what scrolls.</summary>
    public static readonly object Narrow = Rules(
        "target-size", "button-name", "link-name", "label", "aria-hidden-focus", "scrollable-region-focusable", "heading-order", "list",
        "aria-required-children", "aria-required-parent", "region", "landmark-unique");

    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>Each violation with its element and what is wrong with it.</summary>
    public static async Task<string[]> ViolationsAsync(IPage page, object options)
    {
        if (!await page.EvaluateAsync<bool>("() => !!window.axe"))
        {
            await page.EvaluateAsync(Script);
        }

        return await page.EvaluateAsync<string[]>(
            """
            async options => (await axe.run(document, { ...options, resultTypes: ['violations'] })).violations
              .flatMap(one => one.nodes.map(node => `${one.id}: ${node.html} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message}`))
            """, options);
    }

    private static object Rules(params string[] names) => new { runOnly = new { type = "rule", values = names } };
}
