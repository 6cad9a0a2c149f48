using Attune.Db;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements;

/// <summary>The configuration section <c>Rules</c>.</summary>
public sealed class RulesOptions
{
    public const string Section = "Rules";

    public const int MostFaults = 1_000_000;

    private const string ShortestWithin = "00:00:01";
    private const string LongestWithin = "1.00:00:00";

    /// <summary>A rule that cannot be evaluated for so many events within <see cref="PauseWithin"/> is paused. 1 to 1,000,000.</summary>
    [SettingRange(1, MostFaults, ErrorMessage = $"{Section}:{nameof(PauseAfterFaults)} must be between {{1}} and {{2}}.")]
    public int PauseAfterFaults { get; set; } = 20;

    /// <summary>The time within which faults of a rule pause it. A second to a day.</summary>
    [SettingRange(typeof(TimeSpan), ShortestWithin, LongestWithin,
        ErrorMessage = $"{Section}:{nameof(PauseWithin)} must be between {ShortestWithin} and {LongestWithin}, such as 00:01:00 for a minute.")]
    public TimeSpan PauseWithin { get; set; } = TimeSpan.FromMinutes(1);
}

[OptionsValidator]
internal sealed partial class RulesOptionsValidator : IValidateOptions<RulesOptions>;
