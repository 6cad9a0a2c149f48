using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Attune.Web.Pages.Home;

/// <summary>What the host implements, so that the overview can say what is not well.</summary>
public interface IHealthReports
{
    /// <summary>What was found a few seconds ago at the most, each by its name.</summary>
    Task<HealthReport> LookAsync(CancellationToken cancellationToken);
}
