using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes a copy of MudBlazor's style sheet that keeps only the rules of the components which the pages use. The package's sheet has
/// 627 kB, most of them for components and helper classes that Attune has none of.
/// </summary>
public class TrimStyleSheet : Task
{
    // What components are made of and the states and colours that they have, whichever they are.
    private static readonly string[] Parts =
    {
        "icon", "svg", "input", "shrink", "select", "popover", "overlay", "list", "nested", "divider", "ripple", "typography", "theme",
        "elevation", "paper", "disabled", "clickable", "no", "focus", "focused", "selected", "expanded", "checked", "readonly", "dense",
        "text", "width", "height", "ltr", "rtl", "sr", "form", "square", "rounded", "hidden", "transform", "flip", "scroll", "default",
        "inherit", "primary", "secondary", "info", "success", "warning", "error", "dark", "transparent", "background",
    };

    // Components whose classes are named for others.
    private static readonly Dictionary<string, string[]> Others = new Dictionary<string, string[]>
    {
        ["Snackbar"] = new[] { "alert" },
        ["MessageBox"] = new[] { "dialog", "message" },
        ["NumericField"] = new[] { "numeric" },
        ["RadioGroup"] = new[] { "radio" },
        ["DataGrid"] = new[] { "table" },
        ["SimpleTable"] = new[] { "table" },
        ["TabPanel"] = new[] { "tab" },
    };

    // Families within the family of a component, for components of their own.
    private static readonly Dictionary<string, string> Within = new Dictionary<string, string>
    {
        ["button-group"] = "MudButtonGroup",
        ["select-extended"] = "MudSelectExtended",
    };

    // Helper classes, which do not begin with mud-, as the components themselves set them.
    private static readonly HashSet<string> Helpers = new HashSet<string> { "d-flex", "flex-grow-1", "flex-column", "align-center" };

    private HashSet<string> _families = new HashSet<string>();
    private HashSet<string> _components = new HashSet<string>();

    [Required]
    public string Sheet { get; set; }

    /// <summary>The files in which components are used.</summary>
    [Required]
    public ITaskItem[] Markup { get; set; }

    [Required]
    public string Trimmed { get; set; }

    public override bool Execute()
    {
        _components = new HashSet<string>(Markup.SelectMany(file =>
            Regex.Matches(File.ReadAllText(file.ItemSpec), "<(Mud[A-Z][A-Za-z]*)").Cast<Match>().Select(found => found.Groups[1].Value)));
        _families = new HashSet<string>(Parts.Concat(_components.SelectMany(Families)));
        // The first comment is the licence.
        var sheet = File.ReadAllText(Sheet);
        var comments = new Regex(@"/\*.*?\*/", RegexOptions.Singleline);
        var trimmed = comments.Match(sheet).Value + "\n" + Rules(comments.Replace(sheet, ""));
        Directory.CreateDirectory(Path.GetDirectoryName(Trimmed));
        File.WriteAllText(Trimmed, trimmed);
        Log.LogMessage(MessageImportance.Normal, "MudBlazor's style sheet: {0} characters are kept", trimmed.Length);
        return true;
    }

    // MudIconButton has the classes mud-icon-button, MudAppBar mud-appbar, MudTabs mud-tabs and mud-tab.
    private static IEnumerable<string> Families(string component)
    {
        var name = Regex.Replace(component.Substring("Mud".Length), "Provider$", "");
        var words = Regex.Matches(name, "[A-Z][a-z]*").Cast<Match>().Select(word => word.Value.ToLowerInvariant()).ToArray();
        foreach (var family in new[] { string.Join("-", words), string.Join("", words) })
        {
            yield return family;
            if (family.EndsWith("s"))
            {
                yield return family.Substring(0, family.Length - 1);
            }
        }

        foreach (var other in Others.TryGetValue(name, out var others) ? others : new string[0])
        {
            yield return other;
        }
    }

    private string Rules(string sheet)
    {
        var kept = new StringBuilder();
        for (var at = 0; at < sheet.Length;)
        {
            var open = sheet.IndexOf('{', at);
            var end = sheet.IndexOf(';', at);
            if (end >= 0 && (open < 0 || end < open))
            {
                kept.Append(sheet, at, end + 1 - at);
                at = end + 1;
                continue;
            }

            if (open < 0)
            {
                break;
            }

            var close = Closing(sheet, open);
            kept.Append(Rule(sheet.Substring(at, open - at), sheet.Substring(open + 1, close - open - 1)));
            at = close + 1;
        }

        return kept.ToString();
    }

    private string Rule(string prelude, string body)
    {
        if (prelude.StartsWith("@media") || prelude.StartsWith("@supports"))
        {
            var inner = Rules(body);
            return inner.Length == 0 ? "" : prelude + "{" + inner + "}";
        }

        if (prelude.StartsWith("@"))
        {
            return prelude + "{" + body + "}";
        }

        var selectors = Selectors(prelude).Where(IsUsed).ToArray();
        return selectors.Length == 0 ? "" : string.Join(",", selectors) + "{" + body + "}";
    }

    private bool IsUsed(string selector) =>
        Regex.Matches(Regex.Replace(selector, @":not\([^)]*\)", ""), @"\.(-?[A-Za-z_][\w-]*)").Cast<Match>()
            .All(name => IsUsedClass(name.Groups[1].Value));

    private bool IsUsedClass(string name)
    {
        if (!name.StartsWith("mud-"))
        {
            return Helpers.Contains(name);
        }

        var family = name.Substring("mud-".Length);
        return _families.Any(known => IsOf(family, known)) && !Within.Any(one => IsOf(family, one.Key) && !_components.Contains(one.Value));
    }

    private static bool IsOf(string name, string family) => name == family || name.StartsWith(family + "-");

    private static int Closing(string sheet, int open)
    {
        var depth = 0;
        for (var at = open; ; at++)
        {
            depth += sheet[at] == '{' ? 1 : sheet[at] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return at;
            }
        }
    }

    // Commas in brackets, as in :is(a, b), do not part selectors.
    private static IEnumerable<string> Selectors(string prelude)
    {
        var depth = 0;
        var start = 0;
        for (var at = 0; at < prelude.Length; at++)
        {
            depth += prelude[at] == '(' ? 1 : prelude[at] == ')' ? -1 : 0;
            if (prelude[at] == ',' && depth == 0)
            {
                yield return prelude.Substring(start, at - start);
                start = at + 1;
            }
        }

        yield return prelude.Substring(start);
    }
}
