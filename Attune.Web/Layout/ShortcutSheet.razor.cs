namespace Attune.Web.Layout;

/// <summary>All keys that do something, and the switch that turns single letters off. shortcuts.js opens it and keeps the choice.</summary>
public sealed partial class ShortcutSheet
{
    private static readonly (string Group, (string Press, string Does)[] Keys)[] Groups =
    [
        ("Everywhere",
        [
            ("Ctrl K", "Go to anything, or do something (⌘ K on a Mac)"),
            ("/", "Search, or the first filter"),
            ("?", "This sheet"),
            ("Esc", "Close what is open"),
        ]),
        ("In a list",
        [
            ("j", "Next row"),
            ("k", "Row before"),
            ("Enter", "Open the row"),
            ("e", "Ask why of the row"),
            ("r", "Send or run the row again"),
        ]),
        ("Go to", [.. Destination.All.Select(place => ($"g {place.Key}", place.Name))]),
    ];
}
