namespace Attune.Web;

/// <summary>Something about the installation that somebody should look into.</summary>
/// <param name="Name">What was looked at, for programs.</param>
/// <param name="Text">What was found, and what to do about it.</param>
public sealed record Finding(string Name, string Text);

/// <summary>Looks whether all is well. The host implements it: it alone knows all parts.</summary>
public interface IFindings
{
    /// <summary>What is not well; empty when all is.</summary>
    Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken);
}
