using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Events;
using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Triggers;

/// <summary>Which deliveries the list shows, and which of them is open.</summary>
public sealed record DeliveriesFilter : IPageFilter<DeliveriesFilter>
{
    /// <summary>Any where empty.</summary>
    public EquatableList<DeliveryOutcome> Outcome { get; init; } = [];

    public TimeFilter Range { get; init; } = TimeFilter.Any;

    /// <summary>The last row of the page before; null for the newest ones.</summary>
    public Cursor? Before { get; init; }

    /// <summary>The delivery that is shown whole.</summary>
    public long? Open { get; init; }

    public static DeliveriesFilter Parse(AddressQuery query) => new()
    {
        Outcome = new(Statuses.Parse<DeliveryOutcome>(query.Text("outcome"))),
        Range = TimeFilter.Parse(query),
        Before = Cursor.TryParse(query.Text("before")),
        Open = query.Id("delivery"),
    };

    /// <summary>What an address says wrongly; null when all of it is understood.</summary>
    public static string? Mistake(AddressQuery query)
    {
        var outcomes = query.Text("outcome")?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        return outcomes.FirstOrDefault(name => EnumNames.Find<DeliveryOutcome>(name) is null) is { } unknown
                ? $"Not understood: outcome={Visible.Text(unknown)}. Expected are taken, repeated and refused."
            : query.Text("before") is { } before && Cursor.TryParse(before) is null
                ? $"Not understood: before={Visible.Text(before)}. Expected is the end of an earlier page."
            : query.Text("delivery") is { } id && AddressQuery.ParseId(id) is null
                ? $"Not understood: delivery={Visible.Text(id)}. Expected is a number."
            : query.Text("range") is { } range && TimeFilter.Parse(query).IsAny
                ? $"Not understood: range={Visible.Text(range)}. Expected is such as 15m, 24h or 7d."
            : null;
    }

    public AddressQuery ToQuery() => AddressQuery.Empty
        .With("outcome", Statuses.Write(Outcome))
        .With(Range.ToQuery())
        .With("before", Before?.ToString())
        .With("delivery", Format.Id(Open));

    /// <summary>The list so filtered, of a trigger.</summary>
    public string Address(string reference) => ToQuery().At(Urls.Deliveries(reference));

    /// <summary>What the module is asked for.</summary>
    public DeliveryFilter ToFilter(string reference, DateTimeOffset now)
    {
        var (since, until) = Range.Bounds(now);
        return new() { TriggerRef = reference, Outcomes = Outcome, Since = since, Until = until };
    }
}
