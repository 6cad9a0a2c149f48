using Attune.Web.Shared;

namespace Attune.Web.Json;

/// <summary>Where the leaves of the ledger's JSON lead.</summary>
internal static class LeafContexts
{
    /// <summary>Of an event's payload.</summary>
    public static LeafContext OfPayload(string trigger) => OfEvent("", trigger) with { Chart = path => Urls.Chart(trigger, path) };

    /// <summary>Of what was said outside an event's payload.</summary>
    public static LeafContext OfConfig(string trigger) => OfEvent("event.config", trigger);

    /// <summary>Of what came of an execution.</summary>
    public static LeafContext OfResult(string action) => new()
    {
        Root = "result", List = condition => Urls.Search(Urls.Executions, "action", action, condition),
    };

    /// <summary>Of what an execution was given.</summary>
    public static LeafContext OfParameters(string action) => new()
    {
        Root = "config", List = condition => Urls.Search(Urls.Executions, "action", action, condition),
    };

    /// <summary>Of what a rule gave an execution.</summary>
    public static LeafContext OfParametersBy(string rule) => new()
    {
        Root = "config", List = condition => Urls.Search(Urls.Executions, "rule", rule, condition),
    };

    private static LeafContext OfEvent(string root, string trigger) => new()
    {
        Root = root,
        List = condition => Urls.Search(Urls.Events, "trigger", trigger, condition),
        Rule = condition => Urls.NewRule(trigger, condition),
    };
}
