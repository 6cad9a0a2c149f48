namespace Attune.Modules.Enforcements;

/// <summary>An action did not do what it was asked to. Any other exception fails the execution too; this one says more.</summary>
/// <param name="message">Why, for a person to read; never a secret.</param>
/// <param name="answer">What becomes <c>data</c> of the result all the same, written as JSON.</param>
/// <param name="mayRetry">Whether another attempt could end otherwise; without, none is made.</param>
public sealed class ActionFailedException(string message, object? answer = null, bool mayRetry = true) : Exception(message)
{
    /// <summary>What becomes <c>data</c> of the result all the same.</summary>
    public object? Answer { get; } = answer;

    /// <summary>Whether another attempt could end otherwise.</summary>
    public bool MayRetry { get; } = mayRetry;
}
