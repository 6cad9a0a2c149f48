using System.Diagnostics;
using System.Globalization;

namespace Attune.Modules.Enforcements.Rules.Evaluation;

/// <summary>
/// What one rule may cost for one event: steps, bytes and time. Steps are counted the same on every machine, so that whether a rule
/// fires does not depend on how busy it is; time is only the last resort.
/// </summary>
internal sealed class EvaluationBudget
{
    /// <summary>Steps of one rule and one event: a value looked at, a key passed over, a state of a pattern at a character.</summary>
    public const long MostSteps = 4_000_000;

    /// <summary>Bytes of the parameters, as they are stored.</summary>
    public const long MostBytes = 16 * 1024 * 1024;

    /// <summary>
    /// How long it may take at the very most; steps come to an end long before. Dear rules yield the processor to everybody, so on an
    /// overloaded machine they take many times as long as their steps do: whether a rule fires must not depend on that.
    /// </summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(60);

    private const long StepsBetweenLooks = 20_000;
    private const int MostTimes = 4;

    private readonly long _mostSteps;
    private readonly long _mostBytes;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly CancellationToken _cancellation;
    private long _nextLook = StepsBetweenLooks;
    private long _left;
    private EvaluationBudget? _last;

    /// <param name="mostSteps">The steps it may take; <see cref="MostSteps"/> for the verdict that counts.</param>
    /// <param name="cancellationToken">Ends an evaluation whose caller has gone; an append never gives one.</param>
    /// <param name="mostBytes">The bytes that its parameters may have; what other rules have left of the event's.</param>
    public EvaluationBudget(long mostSteps, CancellationToken cancellationToken, long mostBytes = MostBytes)
    {
        _mostSteps = mostSteps;
        _left = MostTimes * mostSteps;
        _mostBytes = mostBytes;
        _cancellation = cancellationToken;
    }

    /// <summary>
    /// As much once more, for the same caller: what explains goes on after a part that is dear. All that is had so comes to no more than
    /// <see cref="MostTimes"/> as much.
    /// </summary>
    public EvaluationBudget Again()
    {
        _left -= _last?.Steps ?? 0;
        return _last = new(Math.Clamp(_left, 0, _mostSteps), _cancellation, _mostBytes);
    }

    public long Steps { get; private set; }

    public long Bytes { get; private set; }

    /// <exception cref="BudgetExceededException">There were too many, or they took too long.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public void Spend(long steps)
    {
        Steps += steps;
        if (Steps < _nextLook)
        {
            return;
        }

        _nextLook = Steps + StepsBetweenLooks;
        _cancellation.ThrowIfCancellationRequested();
        if (Steps > _mostSteps)
        {
            throw new BudgetExceededException(
                string.Create(CultureInfo.InvariantCulture, $"It takes more than {_mostSteps:N0} steps."), BudgetKind.Steps);
        }

        if (Stopwatch.GetElapsedTime(_began) > MostTime)
        {
            throw new BudgetExceededException($"It takes longer than {MostTime.TotalSeconds:0} s.", BudgetKind.Time);
        }
    }

    /// <exception cref="BudgetExceededException">There were too many.</exception>
    public void SpendBytes(long bytes)
    {
        CheckBytes(bytes);
        Bytes += bytes;
    }

    /// <summary>Passes for what is about to be made, when there is room for it; it is counted where it is put.</summary>
    /// <exception cref="BudgetExceededException">There is none.</exception>
    public void CheckBytes(long bytes)
    {
        if (Bytes + bytes > _mostBytes)
        {
            throw new BudgetExceededException(
                _mostBytes < MostBytes
                    ? $"The parameters come to more than the {_mostBytes:N0} bytes that are left of what one event may have."
                    : $"The parameters come to more than {MostBytes / (1024 * 1024)} MB.",
                BudgetKind.Bytes);
        }
    }
}

/// <summary>What there was too much of.</summary>
internal enum BudgetKind
{
    Steps,
    Time,
    Bytes,
}

/// <summary>A rule went over its budget for an event: a fault of the rule, and nobody else's.</summary>
internal sealed class BudgetExceededException(string message, BudgetKind kind) : Exception(message)
{
    public BudgetKind Kind { get; } = kind;
}
