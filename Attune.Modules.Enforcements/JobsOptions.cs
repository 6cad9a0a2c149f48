using Attune.Db;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements;

/// <summary>The configuration section <c>Jobs</c>.</summary>
public sealed class JobsOptions
{
    public const string Section = "Jobs";

    public const int MostItemsPerSecond = 100_000;

    /// <summary>
    /// How many items of jobs a host takes in a second at most. It rests as long as it works besides, so that what comes in meanwhile has
    /// at
    /// least half of the database.
    /// </summary>
    [SettingRange(1, MostItemsPerSecond, ErrorMessage = $"{Section}:{nameof(ItemsPerSecond)} must be between {{1}} and {{2}}.")]
    public int ItemsPerSecond { get; set; } = 500;
}

[OptionsValidator]
internal sealed partial class JobsOptionsValidator : IValidateOptions<JobsOptions>;
