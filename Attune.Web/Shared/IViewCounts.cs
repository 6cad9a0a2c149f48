using Attune.Modules.Enforcements;

namespace Attune.Web.Shared;

/// <summary>How many rows a view has; one reading for a view, however many look at it.</summary>
public interface IViewCounts
{
    /// <summary>The count as it is shown, at most <c>99+</c>; null where it takes too long, or the view is of another time.</summary>
    Task<string?> CountAsync(ViewedPage page, string query);
}
