using System.Diagnostics.CodeAnalysis;
using Attune.Modules.Enforcements;

namespace Attune.Web.Shared;

/// <summary>
/// The addresses of the pages; a page's filter writes what stands behind them. They are relative to the base address, so that
/// Attune can be served below a path of its own.
/// </summary>
public static class Urls
{
    public const string Home = "./";
    public const string Events = "events";
    public const string Enforcements = "enforcements";
    public const string Executions = "executions";
    public const string Rules = "rules";
    public const string BlankRule = $"{Rules}/new";
    public const string NewBacktest = $"{BlankRule}/backtest";
    public const string Triggers = "triggers";
    public const string Workers = "workers";
    public const string Views = "views";
    public const string Actions = "actions";
    public const string Packs = "packs";
    public const string Storage = "storage";

    public const string Failures = "executions/failures";
    public const string Jobs = "jobs";

    public static string Job(long id) => $"{Jobs}/{Format.Id(id)}";

    public static string Event(long id) => $"{Events}/{Format.Id(id)}";

    /// <summary>An event with the question why a rule matched it or did not.</summary>
    public static string Event(long id, string? why, int? version = null) =>
        AddressQuery.Empty.With("why", why).With("version", Format.Id(version)).At(Event(id));

    /// <summary>An event with the form that sends it again.</summary>
    public static string SendAgain(long id) => AddressQuery.Empty.With("send", "1").At(Event(id));

    /// <summary>An event with the form that pins it.</summary>
    public static string Pin(long id) => AddressQuery.Empty.With("pin", "1").At(Event(id));

    /// <summary>Two events beside each other; an event that is not known yet is left out.</summary>
    public static string Compare(long? left, long? right) =>
        AddressQuery.Empty.With("left", Format.Id(left)).With("right", Format.Id(right)).At($"{Events}/compare");

    /// <summary>An event beside the last other one that a rule matched.</summary>
    public static string CompareWithLastOf(string rule, long right) =>
        AddressQuery.Empty.With("rule", rule).With("right", Format.Id(right)).At($"{Events}/compare");

    /// <summary>Everything that is known of an event, as one file.</summary>
    public static string Bundle(long id) => $"api/v1/{Event(id)}/bundle";

    public static string Enforcement(long id) => $"{Enforcements}/{Format.Id(id)}";

    public static string Execution(long id) => $"{Executions}/{Format.Id(id)}";

    /// <summary>A rule; null for none.</summary>
    [return: NotNullIfNotNull(nameof(reference))]
    public static string? Rule(string? reference) => reference is null ? null : $"{Rules}/{Uri.EscapeDataString(reference)}";

    /// <summary>The form of a new rule, begun with what an event says.</summary>
    public static string RuleFrom(long id) => AddressQuery.Empty.With("event", Format.Id(id)).At(BlankRule);

    public const string RuleHealth = "rules/health";
    public const string Unmatched = "events/unmatched";
    public const string PinnedEvents = "events/pinned";

    /// <summary>A new rule that begins with what another says.</summary>
    public static string RuleLike(string reference) => AddressQuery.Empty.With("like", reference).At(BlankRule);

    /// <summary>Where a rule is changed.</summary>
    public static string EditRule(string reference) => $"{Rule(reference)}/edit";

    /// <summary>The list that a view shows.</summary>
    public static string View(SavedView view)
    {
        var list = view.Page switch { ViewedPage.Events => Events, ViewedPage.Enforcements => Enforcements, _ => Executions };
        return view.Query.Length == 0 ? list : $"{list}?{view.Query}";
    }

    /// <summary>A list of what meets conditions, narrowed by one of its filters.</summary>
    /// <param name="list">The list's address.</param>
    /// <param name="filter">The name of the filter.</param>
    /// <param name="value">The value of the filter.</param>
    /// <param name="conditions">Conditions in their text form.</param>
    public static string Search(string list, string filter, string? value, string conditions) =>
        AddressQuery.Empty.With(filter, value).With("q", conditions).At(list);

    /// <summary>The events of a trigger with a chart of what their payloads have at a path.</summary>
    public static string Chart(string trigger, string path) =>
        AddressQuery.Empty.With("trigger", trigger).With("chart", path).At(Events);

    /// <summary>A rule to be made, with what is known of it.</summary>
    public static string NewRule(string? trigger, string? expression) =>
        AddressQuery.Empty.With("trigger", trigger).With("expression", expression).At(BlankRule);

    /// <summary>A rule with the question what it would have matched.</summary>
    public static string Backtest(string reference) => $"{Rule(reference)}/backtest";

    /// <summary>A trigger; null for none.</summary>
    [return: NotNullIfNotNull(nameof(reference))]
    public static string? Trigger(string? reference) => reference is null ? null : $"{Triggers}/{Uri.EscapeDataString(reference)}";

    /// <summary>The form of a new trigger.</summary>
    public const string NewTrigger = $"{Triggers}/new";

    /// <summary>The form of a trigger.</summary>
    public static string EditTrigger(string reference) => $"{Trigger(reference)}/edit";

    public const string NewAction = $"{Actions}/new";

    /// <summary>An action.</summary>
    public static string Action(string reference) => $"{Actions}/{Uri.EscapeDataString(reference)}";

    public static string EditAction(string reference) => $"{Action(reference)}/edit";

    public const string NewPack = $"{Packs}/new";

    /// <summary>A pack.</summary>
    public static string Pack(string reference) => $"{Packs}/{Uri.EscapeDataString(reference)}";

    public static string EditPack(string reference) => $"{Pack(reference)}/edit";

    /// <summary>What was posted to a trigger's webhook.</summary>
    public static string Deliveries(string reference) => $"{Trigger(reference)}/deliveries";

    public static string Worker(long id) => $"{Workers}/{Format.Id(id)}";

    /// <summary>Where senders post to, in full.</summary>
    /// <param name="baseAddress">The address of this site as the reader's browser knows it.</param>
    /// <param name="key">The webhook's key.</param>
    public static string Webhook(string baseAddress, string key) =>
        $"{baseAddress.TrimEnd('/')}/api/v1/webhooks/{Uri.EscapeDataString(key)}";
}
