namespace Attune.Modules.Events;

/// <summary>What became of a thing that was to be as it is said, whole: made, changed, or left alone because it was so.</summary>
/// <param name="Before">As it was; null when it was made.</param>
/// <param name="After">As it is.</param>
/// <param name="HasChanged">Whether anything was written, which may be a secret that <typeparamref name="T"/> does not show.</param>
public sealed record Applied<T>(T? Before, T After, bool HasChanged)
    where T : class;

/// <summary>The kinds of things that files may say.</summary>
public enum CatalogueKind
{
    Trigger,
    Rule,
    Action,
}
