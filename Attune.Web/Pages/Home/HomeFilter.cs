using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Home;

/// <summary>What the overview looks at: a range, and what its chart is of.</summary>
public sealed record HomeFilter : IPageFilter<HomeFilter>
{
    public static TimeFilter Usual { get; } = ChartRange.Choices[0];

    public static IReadOnlyList<string> Charts { get; } = ["events", "enforcements", "executions"];

    public TimeFilter Range { get; init; } = Usual;

    /// <summary>One of <see cref="Charts"/>.</summary>
    public string Chart { get; init; } = Charts[0];

    /// <summary>The page so filtered.</summary>
    public string Address => ToQuery().At(Urls.Home);

    public static HomeFilter Parse(AddressQuery query) => new()
    {
        Range = TimeFilter.Parse(query) is { IsAny: false } range ? range : Usual,
        Chart = query.Text("chart") is { } chart && Charts.Contains(chart) ? chart : Charts[0],
    };

    public AddressQuery ToQuery() => (Range == Usual ? AddressQuery.Empty : AddressQuery.Empty.With(Range.ToQuery()))
        .Beside("chart", Chart == Charts[0] ? null : Chart);
}
