using Microsoft.Extensions.Logging;

namespace Attune.Modules.Enforcements;

/// <summary>What an action knows of the execution that it is run for, and what it can tell of itself meanwhile.</summary>
public sealed class ActionContext
{
    private readonly Func<ActionStopReason?> _stopReason;
    private readonly Action<ActionProgress> _report;
    private readonly Action<ExecutionLineLevel, string> _say;

    internal ActionContext(
        ILogger logger, Func<ActionStopReason?> stopReason, Action<ActionProgress> report, Action<ExecutionLineLevel, string> say)
    {
        Logger = logger;
        _stopReason = stopReason;
        _report = report;
        _say = say;
    }

    /// <summary>The execution's id. Each attempt is an execution of its own.</summary>
    public long ExecutionId { get; internal init; }

    /// <summary>The id of the first attempt, on that attempt and on those that follow it: what names the work to another system.</summary>
    public long FirstExecutionId { get; internal init; }

    /// <summary>Which attempt this is: 1 for the first.</summary>
    public int Attempt { get; internal init; } = 1;

    /// <summary>The action's reference.</summary>
    public string ActionRef { get; internal init; } = "";

    /// <summary>The rule that asked for it; null when somebody else did.</summary>
    public string? RuleRef { get; internal init; }

    /// <summary>The trigger of the event that the rule matched.</summary>
    public string? TriggerRef { get; internal init; }

    /// <summary>The enforcement that asked for it.</summary>
    public long? EnforcementId { get; internal init; }

    /// <summary>Writes to the host's log; each line carries the execution's id.</summary>
    public ILogger Logger { get; }

    /// <summary>Why the cancellation token was set; null as long as it is not.</summary>
    public ActionStopReason? StopReason => _stopReason();

    /// <summary>
    /// Says how far the action is. It may be called as often as one likes and never waits: about once a second the newest report is
    /// stored with the execution. One that cannot be stored is left out.
    /// </summary>
    /// <param name="percent">0 to 100.</param>
    /// <param name="text">What it is doing, for a person to read; cut after 1,000 characters.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is less than 0 or more than 100.</exception>
    public void ReportProgress(int percent, string? text = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        _report(new(percent, text));
    }

    /// <summary>As <see cref="ReportProgress(int, string?)"/>, where nobody knows how much is left.</summary>
    public void ReportProgress(string text) => _report(new(null, text));

    /// <summary>
    /// Says something that is kept with the execution, for whoever looks at it: what was done, and what came of it. It never waits; lines
    /// are stored about once a second, at most 300 of an execution. They are read by everybody who sees executions: no secret belongs there.
    /// </summary>
    /// <param name="text">One line, or a few; cut after 2,000 characters.</param>
    /// <param name="level">How much it matters.</param>
    public void Say(string text, ExecutionLineLevel level = ExecutionLineLevel.Info)
    {
        ArgumentNullException.ThrowIfNull(text);
        _say(level, text);
    }
}

/// <summary>What an action said of how far it is.</summary>
/// <param name="Percent">0 to 100; null where it did not say.</param>
/// <param name="Text">What it is doing.</param>
public sealed record ActionProgress(int? Percent, string? Text);

/// <summary>Why an action is to end before it is done.</summary>
public enum ActionStopReason
{
    /// <summary>Its time is up. The execution ends as <c>timeout</c>, and is attempted again where the action has attempts left.</summary>
    TimedOut,

    /// <summary>Somebody cancelled the execution.</summary>
    Cancelled,

    /// <summary>The host stops, or its worker has lost its name. The execution is run again, from the beginning.</summary>
    WorkerStopping,
}
