using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Attune.Modules.Enforcements.Actions;
using Attune.Modules.Enforcements.Executions;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// How many executions of each action a worker has in hand, and may have. Each action has hands of its own: those that wait, be it for
/// an hour or for a server that does not answer, keep no other action waiting.
/// </summary>
internal sealed class ActionHands(IEnumerable<RegisteredAction> actions)
{
    /// <summary>The most that one claim takes.</summary>
    public const int Batch = 100;

    // Parameters stay in memory as long as an execution runs.
    private const long MostParameterBytes = 64 * 1024 * 1024;

    private readonly FrozenDictionary<string, Hands> _hands =
        actions.ToFrozenDictionary(action => action.Ref, action => new Hands(action.MostAtOnce), StringComparer.Ordinal);

    /// <summary>
    /// Which claims are to be made now. An action that is allowed two batches or more is asked for while a whole batch has room, so
    /// that all of those share one claim; the others are asked for one by one, each for what is free.
    /// </summary>
    public IReadOnlyList<HandsClaim> Claims()
    {
        var shared = _hands.Where(pair => pair.Value is { IsShared: true } hands && hands.Free >= Batch)
            .Select(pair => pair.Key).Order(StringComparer.Ordinal).ToArray();
        var single = _hands.Where(pair => pair.Value is { IsShared: false, Free: > 0 })
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new HandsClaim([pair.Key], Math.Min(pair.Value.Free, Batch)));
        return shared.Length == 0 ? [.. single] : [new(shared, Batch), .. single];
    }

    /// <summary>Whether some action is asked for no more until executions of it have ended.</summary>
    public bool IsAnyFull => _hands.Values.Any(hands => hands.Free < (hands.IsShared ? Batch : 1));

    public void Take(ClaimedExecution execution) => _hands[execution.ActionRef].Change(1, Bytes(execution));

    public void Release(ClaimedExecution execution) => _hands[execution.ActionRef].Change(-1, -Bytes(execution));

    private static int Bytes(ClaimedExecution execution) =>
        execution.Config is { } config ? JsonMarshal.GetRawUtf8Value(config).Length : 0;

    private sealed class Hands(int most)
    {
        private int _taken;
        private long _bytes;

        public bool IsShared => most >= 2 * Batch;

        public int Free => Interlocked.Read(ref _bytes) < MostParameterBytes ? most - Volatile.Read(ref _taken) : 0;

        public void Change(int count, int bytes)
        {
            Interlocked.Add(ref _taken, count);
            Interlocked.Add(ref _bytes, bytes);
        }
    }
}

/// <summary>A claim that is to be made.</summary>
/// <param name="Actions">The references of the actions.</param>
/// <param name="Size">The most executions to take, of all of them together.</param>
internal sealed record HandsClaim(string[] Actions, int Size);
