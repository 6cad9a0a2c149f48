using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Failures;

/// <summary>Which failures are grouped, and which group is open.</summary>
public sealed record FailuresFilter : IPageFilter<FailuresFilter>
{
    private static readonly TimeFilter Usual = TimeFilter.Of(TimeSpan.FromHours(24));

    public string? Action { get; init; }
    public string? Rule { get; init; }
    public string? Trigger { get; init; }
    public TimeFilter Range { get; init; } = TimeFilter.Any;

    /// <summary>The action of the group that is open.</summary>
    public string? Of { get; init; }

    /// <summary>The error of the group that is open; a group that said nothing has the error <c>-</c>.</summary>
    public string? Error { get; init; }

    /// <summary>The range as it is asked: the last 24 hours unless another is given.</summary>
    public TimeFilter Asked => Range.IsAny ? Usual : Range;

    /// <summary>The page so filtered.</summary>
    public string Address => ToQuery().At(Urls.Failures);

    public static FailuresFilter Parse(AddressQuery query) => new()
    {
        Action = query.Text("action"),
        Rule = query.Text("rule"),
        Trigger = query.Text("trigger"),
        Range = TimeFilter.Parse(query),
        Of = query.Text("of"),
        Error = query.Text("error"),
    };

    public AddressQuery ToQuery() => AddressQuery.Empty
        .With("action", Action)
        .With("rule", Rule)
        .With("trigger", Trigger)
        .With(Range.ToQuery())
        .With("of", Of)
        .With("error", Error);

    /// <summary>What the module is asked for.</summary>
    public FailureFilter ToFailureFilter(DateTimeOffset now)
    {
        var (since, until) = Asked.Bounds(now);
        var end = until ?? now;
        var earliest = end.AddDays(-FailureFilter.MostDays);
        return new()
        {
            ActionRef = Action, RuleRef = Rule, TriggerRef = Trigger, Until = end, Since = since is { } from && from > earliest ? from : earliest,
        };
    }

    /// <summary>The address with a group open.</summary>
    public string Open(FailureGroup group) => (this with { Of = group.ActionRef, Error = group.Error.Length == 0 ? "-" : group.Error }).Address;

    public bool IsOpen(FailureGroup group) => Of == group.ActionRef && Error == (group.Error.Length == 0 ? "-" : group.Error.Trim());
}
