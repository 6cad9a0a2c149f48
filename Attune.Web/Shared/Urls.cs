using System.Globalization;
using System.Text;
using Attune.Web.Lists;

namespace Attune.Web.Shared;

/// <summary>
/// Every address of the pages. They are relative to the base address, so that Attune can be served below a path of its own.
/// </summary>
public static class Urls
{
    public const string Home = "./";
    public const string Rules = "rules";
    public const string Triggers = "triggers";
    public const string Workers = "workers";

    public static string Events(EventsQuery? query = null) => query is null ? "events" : Join("events",
        ("trigger", query.Trigger), ("rule", query.Rule), ("source", query.Source),
        ("range", query.Range.LastText), ("from", query.Range.SinceText), ("to", query.Range.UntilText));

    public static string Event(long id) => Id("events", id);

    /// <summary>An event with the question why a rule matched it or did not.</summary>
    public static string Event(long id, string? why, int? version = null) => Join(Event(id), ("why", why), ("version", Number(version)));

    public static string Enforcements(EnforcementsQuery? query = null) => query is null ? "enforcements" : Join("enforcements",
        ("rule", query.Rule), ("trigger", query.Trigger), ("event", Number(query.Event)), ("status", Statuses(query.Statuses)),
        ("range", query.Range.LastText), ("from", query.Range.SinceText), ("to", query.Range.UntilText));

    public static string Enforcement(long id) => Id("enforcements", id);

    public static string Executions(ExecutionsQuery? query = null) => query is null ? "executions" : Join("executions",
        ("action", query.Action), ("rule", query.Rule), ("trigger", query.Trigger), ("enforcement", Number(query.Enforcement)),
        ("parent", Number(query.Parent)), ("status", Statuses(query.Statuses)),
        ("range", query.Range.LastText), ("from", query.Range.SinceText), ("to", query.Range.UntilText));

    public static string Execution(long id) => Id("executions", id);

    public static string RulesOf(string triggerRef) => Join("rules", ("trigger", triggerRef));

    public static string Rule(string reference) => $"rules/{Uri.EscapeDataString(reference)}";

    /// <summary>A rule with the question what it would have matched.</summary>
    public static string Backtest(string reference, BacktestQuery? query = null) => query is null ? $"{Rule(reference)}/backtest" : Join(
        $"{Rule(reference)}/backtest",
        ("try", query.IsDraft ? BacktestQuery.Draft : Number(query.Version)),
        ("range", query.Range == BacktestQuery.UsualRange ? null : query.Range.LastText),
        ("join", query.IsDraft && query.Join is { } join ? Shared.Statuses.Write(join) : null),
        ("conditions", query.IsDraft && query.Conditions is { Length: <= BacktestQuery.MostCharacters } ? query.Conditions : null));

    public static string Trigger(string reference) => $"triggers/{Uri.EscapeDataString(reference)}";

    public static string Worker(long id) => Id(Workers, id);

    /// <summary>Where senders post to, in full.</summary>
    /// <param name="baseAddress">The address of this site as the reader's browser knows it.</param>
    /// <param name="key">The webhook's key.</param>
    public static string Webhook(string baseAddress, string key) =>
        $"{baseAddress.TrimEnd('/')}/api/v1/webhooks/{Uri.EscapeDataString(key)}";

    private static string Id(string path, long id) => string.Create(CultureInfo.InvariantCulture, $"{path}/{id}");

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? Statuses<TStatus>(IReadOnlyList<TStatus> statuses) where TStatus : struct, Enum =>
        statuses.Count == 0 ? null : string.Join(',', statuses.Select(Shared.Statuses.Write));

    private static string Join(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var address = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
            {
                address.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return address.ToString();
    }
}
