using Attune.Modules.Enforcements;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Jobs;

/// <summary>Jobs in words.</summary>
internal static class JobWords
{
    public static string Title(Job job) => job.Kind == JobKind.ReplayEvents
        ? $"Send {Format.Count(job.Total, "event")} again"
        : $"Run {Format.Count(job.Total, "execution")} again";

    public static (string Text, Tone Tone) State(Job job) => job.State switch
    {
        JobState.Draft => ("Draft", Tone.Neutral),
        JobState.Running => ("Running", Tone.Active),
        JobState.Stopped => ("Paused", Tone.Caution),
        JobState.Aborted => ("Aborted", Tone.Caution),
        _ when job.Failed > 0 => ("Completed, some failed", Tone.Caution),
        _ => ("Completed", Tone.Good),
    };

    /// <summary>The page of what a job works on, or of what came of it.</summary>
    public static string Address(JobKind kind, long id) => kind == JobKind.ReplayEvents ? Urls.Event(id) : Urls.Execution(id);
}
