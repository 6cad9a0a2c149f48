-- What became of enforcements and events, as counts tell them apart. Plain queries, so that the planner sees through them and opens the
-- chunks of the range only.

-- The enforcements since an instant with an execution that failed or is not over. One that failed does not count where a later attempt or a
-- later run stands for it.
CREATE OR REPLACE FUNCTION unsettled_executions(since timestamptz)
RETURNS TABLE (enforcement bigint, failed boolean, unfinished boolean) LANGUAGE sql STABLE AS
$$
    SELECT latest.enforcement,
           bool_or(latest.status IN ('failed', 'timeout', 'abandoned')),
           bool_or(latest.status NOT IN ('failed', 'timeout', 'abandoned'))
      FROM attune.execution AS latest
     WHERE latest.created >= $1
       AND latest.enforcement IS NOT NULL
       AND latest.status IN ('requested', 'scheduling', 'scheduled', 'running', 'canceling', 'failed', 'timeout', 'abandoned')
       AND NOT EXISTS (SELECT 1
                         FROM attune.execution AS attempt
                        WHERE attempt.original_execution = coalesce(latest.original_execution, latest.id)
                          AND attempt.retry_count > latest.retry_count
                          AND attempt.created >= $1)
       AND NOT EXISTS (SELECT 1
                         FROM attune.execution AS again
                        WHERE again.rerun_of = latest.id
                          AND again.created >= $1)
     GROUP BY latest.enforcement
$$;

-- The events of a half-open range that a rule matched, shadows apart; of a trigger, or of all where it is null. The others fired nothing.
CREATE OR REPLACE FUNCTION event_outcomes(since timestamptz, until timestamptz, wanted_trigger text)
RETURNS TABLE (event bigint, created timestamptz, outcome text) LANGUAGE sql STABLE AS
$$
    SELECT matched.event, matched.created,
           CASE WHEN bool_or(run.failed) THEN 'failed'
                WHEN bool_or(matched.status = 'created' OR run.unfinished) THEN 'pending'
                ELSE 'matched'
           END
      FROM attune.enforcement AS matched
      LEFT JOIN attune.unsettled_executions($1) AS run
        ON run.enforcement = matched.id
     WHERE matched.created >= $1
       AND matched.created < $2
       AND ($3 IS NULL OR matched.trigger_ref = $3)
       AND matched.event IS NOT NULL
       AND NOT matched.shadow
     GROUP BY matched.event, matched.created
$$;
