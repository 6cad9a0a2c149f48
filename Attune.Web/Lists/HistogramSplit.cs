using Attune.Db.Histograms;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Shared;

namespace Attune.Web.Lists;

/// <summary>A way to tell the rows of a chart apart, as a reader chooses it.</summary>
public sealed record HistogramSplit
{
    /// <summary>As an address has it.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The labels that come first, from the foot of a bar upwards; none where labels are references.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>A label in words; null as it is.</summary>
    public Func<string, string>? Word { get; init; }

    /// <summary>The colour of a label; null to go by its rank.</summary>
    public Func<string, Tone>? Tone { get; init; }

    public static IReadOnlyList<HistogramSplit> OfEvents { get; } =
    [
        new()
        {
            Name = "outcome",
            Title = "Outcome",
            Order = Names(EventOutcome.Failed, EventOutcome.Pending, EventOutcome.Matched, EventOutcome.FiredNothing),
            Word = label => Find<EventOutcome>(label) is EventOutcome.FiredNothing ? "fired nothing" : label,
            Tone = label => Find<EventOutcome>(label) switch
            {
                EventOutcome.Failed => Shared.Tone.Bad,
                EventOutcome.Pending => Shared.Tone.Waiting,
                EventOutcome.Matched => Shared.Tone.Good,
                _ => Shared.Tone.Neutral,
            },
        },
        new() { Name = "trigger", Title = "Trigger" },
    ];

    public static IReadOnlyList<HistogramSplit> OfEnforcements { get; } =
    [
        new()
        {
            Name = "status",
            Title = "Status",
            Order = Names(EnforcementStatus.Created, EnforcementStatus.Disabled, EnforcementStatus.Processed),
            Word = label => Find<EnforcementStatus>(label) is { } status ? Statuses.Label(status).ToLowerInvariant() : label,
            Tone = label => Find<EnforcementStatus>(label) is { } status ? Statuses.Tone(status) : Shared.Tone.Neutral,
        },
        Outcome,
        new() { Name = "rule", Title = "Rule" },
    ];

    /// <summary>What became of enforcements, and nothing else.</summary>
    public static IReadOnlyList<HistogramSplit> OutcomeOfEnforcements { get; } = [Outcome];

    public static IReadOnlyList<HistogramSplit> OfExecutions { get; } =
    [
        new()
        {
            Name = "status",
            Title = "Status",
            Order = Names(
                ExecutionStatus.Failed, ExecutionStatus.Timeout, ExecutionStatus.Abandoned, ExecutionStatus.Cancelled, ExecutionStatus.Requested,
                ExecutionStatus.Scheduling, ExecutionStatus.Scheduled, ExecutionStatus.Running, ExecutionStatus.Canceling,
                ExecutionStatus.Completed),
            Word = label => Find<ExecutionStatus>(label) is { } status ? Statuses.Label(status).ToLowerInvariant() : label,
            Tone = label => Find<ExecutionStatus>(label) is { } status ? Statuses.Tone(status) : Shared.Tone.Neutral,
        },
        new() { Name = "action", Title = "Action" },
    ];

    private static HistogramSplit Outcome => new()
    {
        Name = "outcome",
        Title = "Outcome",
        Order = Names(
            EnforcementOutcome.Failed, EnforcementOutcome.Pending, EnforcementOutcome.Done, EnforcementOutcome.Disabled, EnforcementOutcome.Shadow),
        Tone = label => Find<EnforcementOutcome>(label) switch
        {
            EnforcementOutcome.Failed => Shared.Tone.Bad,
            EnforcementOutcome.Pending => Shared.Tone.Waiting,
            EnforcementOutcome.Done => Shared.Tone.Good,
            EnforcementOutcome.Shadow => Shared.Tone.Active,
            _ => Shared.Tone.Neutral,
        },
    };

    /// <summary>The name of a split that an address has; null for the first, and for what is none, which is noted.</summary>
    public static string? Parse(AddressQuery query, IReadOnlyList<HistogramSplit> splits)
    {
        if (query.Text("by") is not { } name || name == splits[0].Name)
        {
            return null;
        }

        if (splits.Any(split => split.Name == name))
        {
            return name;
        }

        query.Wrong("by", name, $"one of {string.Join(", ", splits.Select(split => split.Name))}");
        return null;
    }

    /// <summary>The split of a name; the first one for none.</summary>
    public static HistogramSplit Of(IReadOnlyList<HistogramSplit> splits, string? name) =>
        splits.FirstOrDefault(split => split.Name == name) ?? splits[0];

    /// <summary>The series as they are drawn, from the foot of a bar upwards.</summary>
    public IReadOnlyList<ChartSeries> Series(Histogram histogram, Func<string, string?> link)
    {
        var ranked = histogram.Series.Index().Select(one => One(one.Item, one.Index, link)).ToList();
        return [.. ranked.OrderBy(one => Order.Index().Where(known => known.Item == one.Label).Select(known => known.Index).FirstOrDefault(Order.Count))];
    }

    private static IReadOnlyList<string> Names<T>(params IEnumerable<T> values)
        where T : struct, Enum => [.. values.Select(EnumNames.Of)];

    private static T? Find<T>(string label)
        where T : struct, Enum => EnumNames.Find<T>(label);

    private ChartSeries One(HistogramSeries series, int rank, Func<string, string?> link)
    {
        if (series is not { Part: HistogramPart.Label, Label: { } label })
        {
            return new() { Name = series.Part == HistogramPart.Others ? "others" : "not told apart", Class = "tint-neutral", Counts = series.Counts };
        }

        var tone = Tone?.Invoke(label);
        return new()
        {
            Label = label,
            Name = Word?.Invoke(label) ?? label,
            Class = tone is { } known ? $"tint-{known.ToString().ToLowerInvariant()}" : $"tint-{(rank % 8) + 1}",

            // A second sign beside the colour.
            IsHatched = tone is Shared.Tone.Bad or Shared.Tone.Caution || (tone is null && rank % 2 == 1),
            Counts = series.Counts,
            Href = link(label),
        };
    }
}

/// <summary>What has one colour in a chart.</summary>
public sealed record ChartSeries
{
    /// <summary>Null for what has no label of its own.</summary>
    public string? Label { get; init; }

    /// <summary>What the legend says.</summary>
    public required string Name { get; init; }

    public required string Class { get; init; }

    public bool IsHatched { get; init; }

    /// <summary>A number for each bucket.</summary>
    public required IReadOnlyList<long> Counts { get; init; }

    /// <summary>The list of these rows alone; null where no filter says so.</summary>
    public string? Href { get; init; }

    public long Total => Counts.Sum();
}
