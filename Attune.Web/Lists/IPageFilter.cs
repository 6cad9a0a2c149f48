using Attune.Web.Shared;

namespace Attune.Web.Lists;

/// <summary>
/// What a page shows of what there is. The page's address says it, so that it can be linked to and the browser's Back undoes it.
/// </summary>
/// <typeparam name="TFilter">The filter itself: a record, so that two that ask for the same are equal.</typeparam>
public interface IPageFilter<TFilter> where TFilter : IPageFilter<TFilter>
{
    /// <summary>
    /// Reads a filter from the page's address. It never fails: what it cannot read it notes in the query, for the page to say.
    /// </summary>
    static abstract TFilter Parse(AddressQuery query);

    /// <summary>Writes the filter: <see cref="Parse"/> reads an equal one of it.</summary>
    AddressQuery ToQuery();
}
