using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Events;

/// <summary>Which two events stand beside each other.</summary>
public sealed record CompareQuery : IPageFilter<CompareQuery>
{
    public long? Left { get; init; }

    public long? Right { get; init; }

    /// <summary>A rule, whose last match stands on the left where no event is named.</summary>
    public string? Rule { get; init; }

    /// <summary>The page so asked.</summary>
    public string Address => ToQuery().At($"{Urls.Events}/compare");

    public static CompareQuery Parse(AddressQuery query) => new()
    {
        Left = query.Id("left"), Right = query.Id("right"), Rule = query.Text("rule"),
    };

    public AddressQuery ToQuery() => AddressQuery.Empty
        .With("left", Format.Id(Left))
        .With("right", Format.Id(Right))
        .With("rule", Rule);
}
