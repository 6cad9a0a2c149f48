namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// Bounds what is kept of refused deliveries, so that a flood of them fills no disk. Each host counts for itself.
/// </summary>
internal sealed class DeliveryBudget(TimeProvider clock)
{
    // Of one webhook: as many at once, and two a second for ever.
    private const double MostRows = 2_000;
    private const double RowsPerSecond = 2;

    // Of bodies that are longer than their first bytes, for all webhooks together.
    private const double MostBytes = 64 * 1024 * 1024;
    private const double BytesPerSecond = 32 * 1024;

    private const int MostTriggers = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Allowance> _rows = [];
    private Allowance _bytes = new(MostBytes, clock.GetTimestamp());

    /// <summary>Whether a row may be written for another refused delivery.</summary>
    public bool TakeRow(long trigger)
    {
        lock (_gate)
        {
            if (_rows.Count >= MostTriggers)
            {
                // Those that have been quiet get all of theirs again, and few webhooks are refused so much at once.
                _rows.Clear();
            }

            var had = _rows.GetValueOrDefault(trigger, new(MostRows, clock.GetTimestamp()));
            var isLeft = Take(ref had, 1, MostRows, RowsPerSecond);
            _rows[trigger] = had;
            return isLeft;
        }
    }

    /// <summary>Whether so many bytes of a body may be kept.</summary>
    public bool TakeBytes(long bytes)
    {
        lock (_gate)
        {
            return Take(ref _bytes, bytes, MostBytes, BytesPerSecond);
        }
    }

    private bool Take(ref Allowance had, double wanted, double most, double perSecond)
    {
        var now = clock.GetTimestamp();
        var left = Math.Min(most, had.Left + (clock.GetElapsedTime(had.At, now).TotalSeconds * perSecond));
        had = new(left >= wanted ? left - wanted : left, now);
        return left >= wanted;
    }

    private readonly record struct Allowance(double Left, long At);
}
