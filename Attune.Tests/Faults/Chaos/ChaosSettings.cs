using System.Globalization;

namespace Attune.Tests.Faults.Chaos;

/// <summary>How long and how wild a run is. The defaults are what the suite has time for; the environment can say otherwise.</summary>
internal sealed record ChaosSettings
{
    /// <summary>In each round every host is killed once, the server is stopped once, and one lesser thing happens.</summary>
    public required int Rounds { get; init; }

    /// <summary>Decides the order of the faults and the pauses between them. What the processes make of it is up to the machine.</summary>
    public required int Seed { get; init; }

    /// <summary>The longest pause between two faults; the shortest is none.</summary>
    public required TimeSpan LongestPause { get; init; }

    public required int Callers { get; init; }

    /// <summary>Reads ATTUNE_CHAOS_ROUNDS, ATTUNE_CHAOS_SEED, ATTUNE_CHAOS_PAUSE_MS and ATTUNE_CHAOS_CALLERS.</summary>
    public static ChaosSettings Read(int rounds) => new()
    {
        Rounds = Number("ROUNDS", rounds),
        Seed = Number("SEED", 20261126),
        LongestPause = TimeSpan.FromMilliseconds(Number("PAUSE_MS", 1_000)),
        Callers = Number("CALLERS", 8),
    };

    private static int Number(string name, int standard) =>
        Environment.GetEnvironmentVariable($"ATTUNE_CHAOS_{name}") is { Length: > 0 } text
            ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : standard;
}
