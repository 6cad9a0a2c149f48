using System.Globalization;
using System.Text;
using Attune.Modules.Enforcements;

namespace Attune.Host.Verbs;

/// <summary>The report of a backtest as a person reads it at a terminal.</summary>
internal static class BacktestTables
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Of(BacktestReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(Culture, $"{Subject(report)} on {report.TriggerRef}, {Instant(report.Since)} to {Instant(report.Until)}");
        text.AppendLine(Culture, $"{report.Events} events, {report.Matches} matches, {report.NearMisses} near misses");
        if (report.Failures > 0)
        {
            text.AppendLine(Culture, $"{report.Failures} more match, but their parameters cannot be filled in");
        }

        if (report.Recorded is { } recorded)
        {
            text.AppendLine(Culture, $"{recorded} enforcements are recorded");
        }

        if (report.Difference is { } difference)
        {
            text.AppendLine(Culture,
                $"Beside version {difference.CurrentVersion}, as it is now: {difference.Same} the same, {difference.Added} more, {difference.Removed} fewer");
        }

        text.AppendLine().AppendLine(Culture, $"{"day",-12}{"events",12}{"matches",12}{"near",12}{"recorded",12}");
        foreach (var day in report.Days)
        {
            text.AppendLine(Culture, $"{day.Day,-12:yyyy-MM-dd}{day.Events,12}{day.Matches,12}{day.NearMisses,12}{day.Recorded,12}");
        }

        Append(text, "First matches", report.FirstMatches);
        Append(text, "First ones more", report.Difference?.FirstAdded ?? []);
        Append(text, "First ones fewer", report.Difference?.FirstRemoved ?? []);
        if (report.FirstNearMisses.Count > 0)
        {
            text.AppendLine().AppendLine("First near misses");
            foreach (var miss in report.FirstNearMisses)
            {
                text.AppendLine(Culture, $"  #{miss.Event}  {Instant(miss.Created)}  {Sentence(miss.Condition)}");
            }
        }

        return text.ToString().TrimEnd();
    }

    private static string Subject(BacktestReport report) => report switch
    {
        { IsDraft: false } => $"{report.RuleRef} version {report.RuleVersion}",
        { RuleRef: { } rule } => $"A draft of {rule}",
        _ => "A draft",
    };

    private static void Append(StringBuilder text, string heading, IReadOnlyList<BacktestMatch> matches)
    {
        if (matches.Count > 0)
        {
            text.AppendLine().AppendLine(heading);
            foreach (var match in matches)
            {
                text.AppendLine(Culture, $"  #{match.Event}  {Instant(match.Created)}");
            }
        }
    }

    private static string Sentence(ExplainedCondition condition)
    {
        if (condition.Group is { } group)
        {
            return $"the group {group} does not hold";
        }

        var expected = condition.Expected is { } value ? $" {value.GetRawText()}" : "";
        var actual = condition.Actual is { } found ? found.GetRawText() : condition.Found ? "a long value" : "nothing";
        return $"{condition.Field} {condition.Operator}{expected}: {actual} is there";
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", Culture);
}
