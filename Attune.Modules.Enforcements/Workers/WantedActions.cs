using System.Collections.Concurrent;
using Attune.Db.Changes;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// The actions that claims on this host wait for, each with how many do. Asked on the listener's thread, for each change.
/// </summary>
internal sealed class WantedActions
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public void Add(string[] actions)
    {
        foreach (var action in actions)
        {
            _counts.AddOrUpdate(action, 1, static (_, count) => count + 1);
        }
    }

    public void Remove(string[] actions)
    {
        foreach (var action in actions)
        {
            if (_counts.AddOrUpdate(action, 0, static (_, count) => count - 1) == 0)
            {
                _counts.TryRemove(KeyValuePair.Create(action, 0));
            }
        }
    }

    /// <summary>Whether an execution of one of them has been requested.</summary>
    public bool IsRequested(Change change) =>
        change is { Channel: Channels.ExecutionCreated } or { Channel: Channels.ExecutionStatusChanged, Status: "requested" }
        && (change.ActionRef is null || _counts.ContainsKey(change.ActionRef));
}
