using System.CommandLine;
using Attune.Modules.Enforcements;

namespace Attune.Host.Verbs;

/// <summary>The verb <c>backtest</c>.</summary>
internal static class BacktestCommand
{
    public static Command Create(VerbContext context)
    {
        var rule = VerbOptions.Text("--rule", "REF", "The rule.");
        var version = VerbOptions.Number("--version", 1, "One of its versions; the newest unless given.");
        var draft = VerbOptions.Text(
            "--draft", "FILE", "JSON with trigger_ref, condition, conditions, action_params: what to try instead.");
        var since = VerbOptions.Instant("--since", $"The oldest event; {BacktestRequest.UsualDays} days before the end unless given.");
        var until = VerbOptions.Instant("--until", "The end; now unless given.");
        var first = VerbOptions.Number("--first", 0, $"How many events to name of each sort, at most {BacktestRequest.MostFirst}.");
        var json = VerbOptions.Switch("--json", "Print the report as JSON instead of tables.");
        var command = new Command("backtest", "Try a rule on stored events, and change nothing.")
        {
            rule, version, draft, since, until, first, json,
        };
        command.Validators.Add(given =>
        {
            if (given.GetResult(rule) is null && given.GetResult(draft) is null)
            {
                given.AddError($"{rule.Name} or {draft.Name} must be given.");
            }
        });
        command.SetAction((given, stop) =>
        {
            var request = new BacktestRequest
            {
                Subject = new() { RuleRef = given.GetValue(rule), Version = Narrowed(given.GetValue(version)) },
                Since = given.GetValue(since),
                Until = given.GetValue(until),
            };
            return BacktestHandler.RunAsync(
                context,
                Narrowed(given.GetValue(first)) is { } most ? request with { First = most } : request,
                given.GetValue(draft),
                given.GetValue(json),
                stop);
        });
        return command;
    }

    // More than there can be is as good as the most: the module says what it takes.
    private static int? Narrowed(long? number) => (int?)(number > int.MaxValue ? int.MaxValue : number);
}
