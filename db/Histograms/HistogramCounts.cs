namespace Attune.Db.Histograms;

/// <summary>One number of a histogram, as a statement answers it.</summary>
internal sealed record HistogramRow
{
    public required int Bucket { get; init; }
    public string? Label { get; init; }
    public required long Value { get; init; }
}

/// <summary>Adds up what several statements have counted.</summary>
internal sealed class HistogramCounts(int buckets)
{
    private readonly Dictionary<string, long[]> _labelled = [];
    private readonly long[] _unlabelled = new long[buckets];

    public void Add(IEnumerable<HistogramRow> rows)
    {
        foreach (var row in rows)
        {
            if (row.Bucket < 0 || row.Bucket >= buckets)
            {
                continue;
            }

            var counts = _unlabelled;
            if (row.Label is not null && !_labelled.TryGetValue(row.Label, out counts!))
            {
                _labelled[row.Label] = counts = new long[buckets];
            }

            counts[row.Bucket] += row.Value;
        }
    }

    public IReadOnlyList<HistogramSeries> Series(int mostLabels)
    {
        var ranked = _labelled.OrderByDescending(one => one.Value.Sum()).ThenBy(one => one.Key, StringComparer.Ordinal).ToList();

        // A rest of one label is no shorter than its name.
        var shown = ranked.Count <= mostLabels + 1 ? ranked.Count : mostLabels;
        List<HistogramSeries> series =
        [
            .. ranked.Take(shown).Select(one => new HistogramSeries { Part = HistogramPart.Label, Label = one.Key, Counts = one.Value }),
        ];
        if (shown < ranked.Count)
        {
            var others = new long[buckets];
            foreach (var (_, counts) in ranked.Skip(shown))
            {
                for (var i = 0; i < buckets; i++)
                {
                    others[i] += counts[i];
                }
            }

            series.Add(new() { Part = HistogramPart.Others, Counts = others });
        }

        if (_unlabelled.Any(count => count > 0))
        {
            series.Add(new() { Part = HistogramPart.Unlabelled, Counts = _unlabelled });
        }

        return series;
    }
}
