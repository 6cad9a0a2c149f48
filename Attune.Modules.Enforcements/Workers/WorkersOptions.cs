using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Attune.Db;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements;

/// <summary>The configuration section <c>Workers</c>.</summary>
public sealed class WorkersOptions
{
    public const string Section = "Workers";

    public const int LargestRequeueLimit = 100;
    public const int SmallestResultLimit = 1024;
    public const int LargestResultLimit = 4 * 1024 * 1024;

    // Built-in workers send a heartbeat every 10 seconds: two may come late or fail.
    private const string ShortestLostAfter = "00:00:30";
    private const string LongestLostAfter = "1.00:00:00";

    /// <summary>
    /// A worker without a heartbeat for this long is lost: it is inactive, and its executions go to others. 30 seconds to a day.
    /// </summary>
    [SettingRange(typeof(TimeSpan), ShortestLostAfter, LongestLostAfter,
        ErrorMessage = $"{Section}:{nameof(LostAfter)} must be between {ShortestLostAfter} and {LongestLostAfter}, such as 00:01:30 for 90 "
            + "seconds.")]
    public TimeSpan LostAfter { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary><see cref="LostAfter"/> for people to read, such as <c>90 seconds</c>.</summary>
    public string LostAfterText => LostAfter switch
    {
        _ when LostAfter > TimeSpan.FromMinutes(2) && LostAfter.TotalMinutes % 1 == 0 =>
            string.Create(CultureInfo.InvariantCulture, $"{LostAfter.TotalMinutes:0} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{LostAfter.TotalSeconds:0.###} seconds"),
    };

    /// <summary>What becomes of the executions of a worker that was lost.</summary>
    [EnumDataType(typeof(LostExecutionPolicy), ErrorMessage = $"{Section}:{nameof(LostExecutions)} can be requeue or fail.")]
    public LostExecutionPolicy LostExecutions { get; set; } = LostExecutionPolicy.Requeue;

    /// <summary>How often one execution is requeued because its worker was lost; the next time it is abandoned. 0 to 100.</summary>
    [SettingRange(0, LargestRequeueLimit, ErrorMessage = $"{Section}:{nameof(RequeueLimit)} must be between {{1}} and {{2}}.")]
    public int RequeueLimit { get; set; } = 3;

    /// <summary>The most bytes of JSON that a remote worker may send as a result; between 1 KiB and 4 MiB.</summary>
    [SettingRange(SmallestResultLimit, LargestResultLimit, ErrorMessage = $"{Section}:{nameof(MaxResultBytes)} must be between {{1}} and {{2}}.")]
    public int MaxResultBytes { get; set; } = 1024 * 1024;
}

[OptionsValidator]
internal sealed partial class WorkersOptionsValidator : IValidateOptions<WorkersOptions>;

/// <summary>What becomes of an execution whose worker was lost.</summary>
public enum LostExecutionPolicy
{
    /// <summary>Another worker runs it, from the beginning; a few times, then it is abandoned.</summary>
    Requeue,

    /// <summary>It has failed, and is attempted again where its action says so: for actions that must not run twice unasked.</summary>
    Fail,
}
