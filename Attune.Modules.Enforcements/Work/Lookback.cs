namespace Attune.Modules.Enforcements.Work;

/// <summary>
/// How far back a loop looks for work. Work is taken within seconds, so the last days are enough; what is older may be compressed,
/// where no index finds it and no row can be locked, and is looked through when the host starts and once a day.
/// </summary>
internal sealed class Lookback(TimeProvider clock)
{
    // Chunks are compressed after 7 days.
    private static readonly TimeSpan NearDays = TimeSpan.FromDays(6);
    private static readonly TimeSpan Seldom = TimeSpan.FromDays(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    private DateTimeOffset _nextOld = DateTimeOffset.MinValue;

    /// <summary>What was created before this is old.</summary>
    public DateTimeOffset Near => clock.GetUtcNow() - NearDays;

    /// <summary>True when it is time to look for old work too.</summary>
    public bool OldIsDue => clock.GetUtcNow() >= _nextOld;

    /// <summary>To be called when all old work has been looked through.</summary>
    /// <param name="found">Whether there was any: then there may be some that could not be done yet.</param>
    public void OldDone(bool found) => _nextOld = clock.GetUtcNow() + (found ? Soon : Seldom);
}
