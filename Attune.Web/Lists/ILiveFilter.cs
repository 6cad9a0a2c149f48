using Attune.Db.Changes;

namespace Attune.Web.Lists;

/// <summary>The filter of a list that <see cref="LiveRows{TRow}"/> keeps up to date.</summary>
public interface ILiveFilter
{
    /// <summary>False when nothing new can come into the list.</summary>
    bool IsOpen { get; }

    /// <summary>Whether a change may concern the list. Called on the listener's thread, for every change there is.</summary>
    bool Concerns(Change change);
}
