using System.Diagnostics.CodeAnalysis;

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
    public const string Triggers = "triggers";
    public const string Workers = "workers";

    public static string Event(long id) => $"{Events}/{Format.Id(id)}";

    /// <summary>An event with the question why a rule matched it or did not.</summary>
    public static string Event(long id, string? why, int? version = null) =>
        AddressQuery.Empty.With("why", why).With("version", Format.Id(version)).At(Event(id));

    public static string Enforcement(long id) => $"{Enforcements}/{Format.Id(id)}";

    public static string Execution(long id) => $"{Executions}/{Format.Id(id)}";

    /// <summary>A rule; null for none.</summary>
    [return: NotNullIfNotNull(nameof(reference))]
    public static string? Rule(string? reference) => reference is null ? null : $"{Rules}/{Uri.EscapeDataString(reference)}";

    /// <summary>A list of what meets conditions, narrowed by one of its filters.</summary>
    /// <param name="list">The list's address.</param>
    /// <param name="filter">The name of the filter.</param>
    /// <param name="value">The value of the filter.</param>
    /// <param name="conditions">Conditions in their text form.</param>
    public static string Search(string list, string filter, string? value, string conditions) =>
        AddressQuery.Empty.With(filter, value).With("q", conditions).At(list);

    /// <summary>A rule to be made, with what is known of it.</summary>
    public static string NewRule(string? trigger, string? expression) =>
        AddressQuery.Empty.With("trigger", trigger).With("expression", expression).At($"{Rules}/new");

    /// <summary>A rule with the question what it would have matched.</summary>
    public static string Backtest(string reference) => $"{Rule(reference)}/backtest";

    /// <summary>A trigger; null for none.</summary>
    [return: NotNullIfNotNull(nameof(reference))]
    public static string? Trigger(string? reference) => reference is null ? null : $"{Triggers}/{Uri.EscapeDataString(reference)}";

    public static string Worker(long id) => $"{Workers}/{Format.Id(id)}";

    /// <summary>Where senders post to, in full.</summary>
    /// <param name="baseAddress">The address of this site as the reader's browser knows it.</param>
    /// <param name="key">The webhook's key.</param>
    public static string Webhook(string baseAddress, string key) =>
        $"{baseAddress.TrimEnd('/')}/api/v1/webhooks/{Uri.EscapeDataString(key)}";
}
