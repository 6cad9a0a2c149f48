using Attune.Web.Lists;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Rules;

/// <summary>Of which rule the findings are shown.</summary>
public sealed record RuleHealthQuery : IPageFilter<RuleHealthQuery>
{
    /// <summary>One rule; null for all.</summary>
    public string? Rule { get; init; }

    public string Address => ToQuery().At(Urls.RuleHealth);

    public static RuleHealthQuery Parse(AddressQuery query) => new() { Rule = query.Text("rule") };

    public AddressQuery ToQuery() => AddressQuery.Empty.With("rule", Rule);
}
