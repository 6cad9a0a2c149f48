using Attune.Web.Shared;

namespace Attune.Web.Lists;

/// <summary>The filter of a page whose address takes none: whatever stands there is said to be unknown.</summary>
public sealed record NoFilter : IPageFilter<NoFilter>
{
    public static NoFilter Parse(AddressQuery query) => new();

    public AddressQuery ToQuery() => AddressQuery.Empty;
}
