namespace Attune.Tests.Browser;

/// <summary>The package's style sheet, of which a build leaves out what no page needs.</summary>
internal static class StyleSheet
{
    // The classes on a page for which the package's sheet has a rule, and ours has none although every other class of the rule is there.
    public const string Unstyled = """
        async () => {
          const whole = await (await fetch('_content/MudBlazor/MudBlazor.min.css', { cache: 'force-cache' })).text();
          const rules = text => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(text);
            const all = [];
            const walk = list => {
              for (const rule of list) {
                rule.selectorText ? all.push(rule.selectorText) : rule.cssRules && walk(rule.cssRules);
              }
            };
            walk(sheet.cssRules);
            return new Set(all.flatMap(selector => selector.split(/,(?![^(]*\))/)).map(selector => selector.trim()));
          };
          const link = document.querySelector('link[href*="/mud."]');
          const ours = rules(await (await fetch(link.href)).text());
          return [...rules(whole)].filter(selector => {
            const plain = selector.replace(/::?(before|after|placeholder|-[a-z-]+|hover|active|focus[a-z-]*)/g, '');
            try {
              return plain.includes('.mud-') && !ours.has(selector) && document.querySelector(plain);
            } catch {
              return false;
            }
          });
        }
        """;
}
