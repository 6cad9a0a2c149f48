namespace Attune.Modules.Enforcements;

/// <summary>The configuration section <c>Workers</c>.</summary>
public sealed class WorkersOptions
{
    public const string Section = "Workers";

    public const int LargestRequeueLimit = 100;
    public const int SmallestResultLimit = 1024;
    public const int LargestResultLimit = 4 * 1024 * 1024;

    /// <summary>What becomes of the executions of a worker that was lost.</summary>
    public LostExecutionPolicy LostExecutions { get; set; } = LostExecutionPolicy.Requeue;

    /// <summary>How often one execution is requeued because its worker was lost; the next time it is abandoned. 0 to 100.</summary>
    public int RequeueLimit { get; set; } = 3;

    /// <summary>The most bytes of JSON that a remote worker may send as a result; between 1 KiB and 4 MiB.</summary>
    public int MaxResultBytes { get; set; } = 1024 * 1024;
}

/// <summary>What becomes of an execution whose worker was lost.</summary>
public enum LostExecutionPolicy
{
    /// <summary>Another worker runs it, from the beginning; a few times, then it is abandoned.</summary>
    Requeue,

    /// <summary>It has failed, and is attempted again where its action says so: for actions that must not run twice unasked.</summary>
    Fail,
}
