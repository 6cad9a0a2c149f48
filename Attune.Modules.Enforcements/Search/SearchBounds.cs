namespace Attune.Modules.Enforcements.Search;

/// <summary>How far one search goes. Whoever wants more asks again from where it ended.</summary>
internal sealed record SearchBounds
{
    /// <summary>How long it works, without its waiting for others.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Steps of all its conditions, as rules count them.</summary>
    public long Steps { get; init; } = 4_000_000_000;

    /// <summary>How long it asks about rows before it says how far it has come, though more have been read.</summary>
    public TimeSpan Part { get; init; } = TimeSpan.FromSeconds(1);
}
