using System.Globalization;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Again;

namespace Attune.Modules.Enforcements.Jobs;

/// <summary>What a job may say.</summary>
internal sealed class JobChecks(ReplayRules rules)
{
    private const string EventFields = "trigger_ref, rule_ref, source_ref, since and until";
    private const string ExecutionFields = "trigger_ref, rule_ref, action_ref, status, error_contains, since and until";

    /// <returns>The job, with each id once or with an upper bound.</returns>
    /// <exception cref="RefusedException">It makes no sense; the field names the place.</exception>
    public async Task<NewJob> CheckAsync(NewJob job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await CheckAsync(job.Kind, job.Options, cancellationToken);
        return (job.Ids, job.Filter) switch
        {
            ({ } ids, null) => job with { Ids = Checked(ids) },
            (null, { } filter) => job with { Filter = Checked(job.Kind, filter, now) },
            (null, null) => throw RefusedException.Invalid("filter", "Either ids or filter must be given."),
            _ => throw RefusedException.Invalid("filter", "ids and filter cannot be given both."),
        };
    }

    public static RefusedException TooMany(string place) => RefusedException.Invalid(place, string.Create(
        CultureInfo.InvariantCulture, $"A job has at most {NewJob.MostItems:N0} items, and there are more: narrow it, or make several."));

    private static long[] Checked(IReadOnlyList<long> ids)
    {
        var distinct = ids.Distinct().ToArray();
        return distinct.Length switch
        {
            0 => throw RefusedException.Invalid("ids", "ids must not be empty."),
            > NewJob.MostItems => throw TooMany("ids"),
            _ => distinct,
        };
    }

    private static JobFilter Checked(JobKind kind, JobFilter filter, DateTimeOffset now)
    {
        var isOfEvents = kind == JobKind.ReplayEvents;
        foreach (var (name, isGiven, fits) in ((string, bool, bool)[])
            [
                ("source_ref", filter.SourceRef is not null, isOfEvents), ("action_ref", filter.ActionRef is not null, !isOfEvents),
                ("status", filter.Status is not null, !isOfEvents), ("error_contains", filter.ErrorContains is not null, !isOfEvents),
            ])
        {
            if (isGiven && !fits)
            {
                var known = isOfEvents ? $"events; there are {EventFields}" : $"executions; there are {ExecutionFields}";
                throw RefusedException.Invalid($"filter.{name}", $"filter.{name} is no filter of {known}.");
            }
        }

        StorableText.Check(filter.TriggerRef, "filter.trigger_ref", 1_000, required: false);
        StorableText.Check(filter.RuleRef, "filter.rule_ref", 1_000, required: false);
        StorableText.Check(filter.SourceRef, "filter.source_ref", 1_000, required: false);
        StorableText.Check(filter.ActionRef, "filter.action_ref", 1_000, required: false);
        StorableText.Check(filter.ErrorContains, "filter.error_contains", 1_000, required: false);
        if (filter.Status is { Count: 0 })
        {
            throw RefusedException.Invalid("filter.status", "filter.status must have at least one status.");
        }

        var until = filter.Until < now ? filter.Until.Value : now;
        return filter.Since >= until
            ? throw RefusedException.Invalid("filter.since", "filter.since must be in the past, and before filter.until.")
            : filter with { Until = until, Status = filter.Status?.Distinct().ToArray() };
    }

    private async Task CheckAsync(JobKind kind, JobChoices options, CancellationToken cancellationToken)
    {
        if (kind == JobKind.RerunExecutions && options.Rules is not null)
        {
            throw RefusedException.Invalid("options.rules", "options.rules is for events: executions run their action.");
        }

        if (kind == JobKind.ReplayEvents && options.Force is not null)
        {
            throw RefusedException.Invalid("options.force", "options.force is for executions.");
        }

        if (options.Rules is { } chosen)
        {
            try
            {
                ReplayRules.CheckAsked(chosen, await rules.ChosenAsync(chosen, trigger: null, cancellationToken));
            }
            catch (RefusedException refused)
            {
                throw new RefusedException(refused.Kind, $"options.{refused.Field}", $"options: {refused.Message}");
            }
        }
    }
}
