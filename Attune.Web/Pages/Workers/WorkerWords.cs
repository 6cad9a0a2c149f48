using System.Text.Json;
using Attune.Modules.Enforcements;

namespace Attune.Web.Pages.Workers;

/// <summary>What the contract says of a worker, as a person reads it.</summary>
internal static class WorkerWords
{
    public static string Kind(string workerType) => workerType switch
    {
        "local" => "Built in",
        "remote" => "Remote",
        "container" => "Container",
        var other => other,
    };

    public static string Role(string workerRole) => workerRole switch
    {
        "action" => "Runs actions",
        "sensor" => "Fires triggers",
        "hybrid" => "Runs actions, fires triggers",
        var other => other,
    };

    /// <summary>The references of what it runs, by name.</summary>
    public static IReadOnlyList<string> Actions(Worker worker) =>
        worker.Capabilities is { ValueKind: JsonValueKind.Object } can
        && can.TryGetProperty("actions", out var actions) && actions.ValueKind == JsonValueKind.Array
            ? [.. actions.EnumerateArray().Where(action => action.ValueKind == JsonValueKind.String).Select(action => action.GetString()!)
                .Order(StringComparer.Ordinal)]
            : [];
}
