using Attune.Modules.Events;
using Dapper;

namespace Attune.Modules.Enforcements.Jobs;

/// <summary>
/// Writes the outcome of an item in the transaction that writes its event: both are there after a crash, or neither. An item that has its
/// outcome already, because another host took it over, undoes the event.
/// </summary>
internal sealed class JobParticipant : IAppendParticipant
{
    public async Task<IReadOnlyList<IReadOnlyList<MatchedRule>>> AppendingAsync(AppendContext context, CancellationToken cancellationToken)
    {
        // The rows are locked in one order, or two transactions could wait for each other.
        const string sql = """
            WITH ended AS (
                SELECT item.job, item.number, written.event
                  FROM unnest(@jobs, @numbers, @events) AS written (job, number, event)
                  JOIN job_item AS item ON item.job = written.job AND item.number = written.number
                 WHERE item.outcome IS NULL
                 ORDER BY item.job, item.number
                   FOR UPDATE OF item
            )
            UPDATE job_item
               SET outcome = 'done', result = ended.event, ended_at = clock_timestamp(), claimed_until = NULL
              FROM ended
             WHERE job_item.job = ended.job
               AND job_item.number = ended.number
            """;

        var items = context.Events.Where(written => written.JobItem is not null).ToList();
        if (items.Count > 0)
        {
            var ended = await context.Connection.ExecuteAsync(new CommandDefinition(sql, new
            {
                jobs = items.Select(written => written.JobItem!.Value.Job).ToArray(),
                numbers = items.Select(written => written.JobItem!.Value.Number).ToArray(),
                events = items.Select(written => written.Id).ToArray(),
            }, context.Transaction, cancellationToken: cancellationToken));
            if (ended != items.Count)
            {
                throw new ItemTakenException();
            }
        }

        return [];
    }
}

/// <summary>An item of a job has its outcome already.</summary>
internal sealed class ItemTakenException() : Exception("The item of the job has its outcome already.");
