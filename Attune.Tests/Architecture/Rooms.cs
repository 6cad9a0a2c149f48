namespace Attune.Tests.Architecture;

/// <summary>
/// The rooms of each project, and which of them a room may use: the one table of arrows. A room stands below all that it uses. The
/// door of a project (<c>…Module.cs</c>) knows all rooms, and is known by none.
/// </summary>
internal static class Rooms
{
    /// <summary>By project folder: each room with those that it may use. <c>.</c> is what lies beside the project file.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string[]>> Table { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, string[]>>
        {
            ["db"] = new Dictionary<string, string[]>
            {
                ["Changes"] = ["Faults"],
                ["Embedded"] = ["."],
                ["Histograms"] = [".", "Values", "Faults"],
                ["Http"] = [".", "Values", "Faults"],
                ["Maintenance"] = [".", "Migrations", "Faults"],
                ["Migrations"] = ["."],
                ["."] = ["Values", "Faults"],
                ["Values"] = ["Faults"],
                ["Faults"] = [],
            },
            ["Attune.Modules.Events"] = new Dictionary<string, string[]>
            {
                ["Triggers"] = [".", "Webhooks", "Packs"],
                ["Packs"] = [],
                ["Webhooks"] = ["Ledger", "Packs"],
                ["Timers"] = ["Ledger"],
                ["Pins"] = ["Ledger"],
                ["."] = ["Webhooks"],
                ["Ledger"] = [],
            },
            ["Attune.Modules.Enforcements"] = new Dictionary<string, string[]>
            {
                ["Jobs"] = [".", "Again", "Executions"],
                ["Views"] = [],
                ["Charting"] = [".", "Search", "Outcomes", "Matching", "Rules/Conditions", "Rules/Evaluation"],
                ["Export"] = [".", "Outcomes", "Search", "Enforcements", "Executions"],
                ["Search"] = [".", "Matching", "Rules/Conditions", "Rules/Evaluation", "Executions", "Actions"],
                ["Again"] = [".", "Matching", "Rules", "Rules/Conditions", "Rules/Evaluation", "Rules/Templates"],
                ["Explaining"] = [".", "Matching", "Rules", "Rules/Conditions", "Rules/Evaluation", "Rules/Templates", "Actions"],
                ["Matching"] = [".", "Rules", "Rules/Conditions", "Rules/Evaluation", "Rules/Templates"],
                ["Outcomes"] = [".", "Executions"],
                ["Enforcements"] = [".", "Executions", "Work"],
                ["Workers"] = [".", "Executions", "Actions", "Actions/Schemas", "Work"],
                ["Executions"] = [".", "Actions/Schemas", "Work"],
                ["Rules"] = [".", "Rules/Conditions", "Rules/Templates", "Actions/Schemas"],
                ["Rules/Templates"] = ["Rules/Conditions", "Rules/Evaluation"],
                ["Rules/Conditions"] = [".", "Rules/Evaluation", "Rules/Patterns"],
                ["Rules/Patterns"] = ["Rules/Evaluation"],
                ["Rules/Evaluation"] = [],
                ["Actions/Emitting"] = ["Actions"],
                ["Actions/Http"] = [".", "Actions"],
                ["Actions/Mail"] = ["Actions"],
                ["Actions"] = [".", "Actions/Schemas"],
                ["Actions/Schemas"] = [],
                ["Work"] = [],
                ["."] = [],
            },
            ["Attune.Modules.History"] = new Dictionary<string, string[]>
            {
                ["History"] = [],
                ["Storage"] = [],
                ["Volumes"] = [],
            },
            ["Attune.Host"] = new Dictionary<string, string[]>
            {
                ["Verbs"] = [".", "Access", "Bench", "Files", "Packs", "Health", "Telemetry", "Starting"],
                ["Packs"] = ["Files"],
                ["Files"] = [],
                ["Bench"] = [],
                ["."] = ["Access", "Telemetry", "Starting"],
                ["Bundles"] = [],
                ["Http"] = ["Access", "Telemetry"],
                ["Health"] = [],
                ["Access"] = ["Starting"],
                ["Telemetry"] = ["Starting"],
                ["Starting"] = [],
            },
            ["Attune.Web"] = new Dictionary<string, string[]>
            {
                ["."] = ["Layout", "Pages", "Shared"],
                ["Build"] = [],
                ["Layout"] = ["Lists", "Shared"],
                ["Pages"] = ["Layout", "Shared"],
                ["Pages/Home"] =
                [
                    "Pages/Events", "Pages/Enforcements", "Pages/Executions", "Pages/Triggers", "Pages/Workers", "Lists", "Shared",
                ],
                ["Pages/Views"] = ["Pages/Events", "Pages/Enforcements", "Pages/Executions", "Lists", "Shared"],
                ["Pages/Triggers"] = ["Pages/Events", "Pages/Rules", "Lists", "Json", "Shared"],
                ["Pages/Rules"] = ["Pages/Backtests", "Pages/Enforcements", "Lists", "Json", "Shared"],
                ["Pages/Backtests"] = ["Pages/Events", "Lists", "Json", "Shared"],
                ["Pages/Failures"] = ["Lists", "Shared"],
                ["Pages/Jobs"] = ["Lists", "Shared"],
                ["Pages/Pins"] = ["Shared"],
                ["Pages/Workers"] = ["Pages/Executions", "Lists", "Json", "Shared"],
                ["Pages/Actions"] = ["Pages/Executions", "Lists", "Json", "Shared"],
                ["Pages/Packs"] = ["Lists", "Json", "Shared"],
                ["Pages/Storage"] = ["Shared"],
                ["Pages/Events"] = ["Search", "Pages/Enforcements", "Lists", "Json", "Shared"],
                ["Pages/Enforcements"] = ["Search", "Pages/Executions", "Lists", "Json", "Shared"],
                ["Pages/Executions"] = ["Search", "Lists", "Json", "Shared"],
                ["Search"] = ["Lists", "Json", "Shared"],
                ["Lists"] = ["Shared"],
                ["Json"] = ["Shared"],
                ["Shared"] = [],
            },
        };
}
