-- What became of enforcements and events: the one definition, for lists, searches, files and charts. Plain queries, so that the planner
-- sees through them and opens the chunks of the range only.

-- Until when an enforcement's executions are looked for: a week after it was resolved, and two weeks after its event at most. What is
-- run again later changes nothing, or every chunk since would be opened.
CREATE OR REPLACE FUNCTION outcome_end(created timestamptz, resolved_at timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS
$$
    SELECT least($2, $1 + INTERVAL '7 days') + INTERVAL '7 days'
$$;

-- The same for all enforcements before an instant. By way of UTC it is immutable, so that chunks are left out while it is planned.
CREATE OR REPLACE FUNCTION outcomes_end(until timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$$
    SELECT (($1 AT TIME ZONE 'UTC') + INTERVAL '14 days') AT TIME ZONE 'UTC'
$$;

-- What stands for an enforcement is its newest execution: attempts and runs again come after what they stand for. The children of an
-- execution are its own affair. The few of an enforcement are found first and ordered then: an index in that order would pass all others.
-- The range is one that the enforcement lies in, by which chunks are left out while it is planned.
CREATE OR REPLACE FUNCTION newest_execution(
    enforcement bigint, created timestamptz, resolved_at timestamptz, since timestamptz, until timestamptz)
RETURNS TABLE (id bigint, status attune.execution_status_enum, result jsonb) LANGUAGE sql STABLE AS
$$
    SELECT few.id, few.status, few.result
      FROM (SELECT run.id, run.status, run.result, run.created
              FROM attune.execution AS run
             WHERE run.enforcement = $1
               AND run.parent IS NULL
               AND run.created >= $2
               AND run.created < attune.outcome_end($2, $3)
               AND run.created >= $4
               AND run.created < attune.outcomes_end($5)
            OFFSET 0) AS few
     ORDER BY few.created DESC, few.id DESC
     LIMIT 1
$$;

-- What became of an enforcement, by the status of its newest execution, which is null where it has none.
CREATE OR REPLACE FUNCTION enforcement_outcome(
    shadow boolean, status attune.enforcement_status_enum, newest attune.execution_status_enum) RETURNS text LANGUAGE sql IMMUTABLE AS
$$
    SELECT CASE WHEN $1 THEN 'shadow'
                WHEN $2 = 'created' THEN 'pending'
                WHEN $2 = 'disabled' THEN 'disabled'
                WHEN $3 IN ('failed', 'timeout', 'abandoned') THEN 'failed'
                WHEN $3 IN ('requested', 'scheduling', 'scheduled', 'running', 'canceling') THEN 'pending'
                ELSE 'done'
           END
$$;

-- The same of all enforcements of a half-open range; of a trigger, or of all where it is null. Most are done: those with an execution that
-- says otherwise are found first, and of those executions the ones that are the newest.
CREATE OR REPLACE FUNCTION enforcement_outcomes(since timestamptz, until timestamptz, wanted_trigger text)
RETURNS TABLE (enforcement bigint, created timestamptz, event bigint, outcome text) LANGUAGE sql STABLE AS
$$
    SELECT judged.id, judged.created, judged.event, attune.enforcement_outcome(judged.shadow, judged.status, unsettled.status)
      FROM attune.enforcement AS judged
      LEFT JOIN (SELECT run.enforcement, run.status
                   FROM attune.execution AS run
                   JOIN attune.enforcement AS origin
                     ON origin.id = run.enforcement
                    AND origin.created <= run.created
                    AND run.created < attune.outcome_end(origin.created, origin.resolved_at)
                  WHERE run.created >= $1
                    AND run.created < attune.outcomes_end($2)
                    AND run.parent IS NULL
                    AND run.status IN ('requested', 'scheduling', 'scheduled', 'running', 'canceling', 'failed', 'timeout', 'abandoned')
                    AND origin.created >= $1
                    AND origin.created < $2
                    AND ($3 IS NULL OR origin.trigger_ref = $3)
                    AND NOT EXISTS (SELECT 1
                                      FROM attune.execution AS later
                                     WHERE later.enforcement = run.enforcement
                                       AND later.parent IS NULL
                                       AND (later.created, later.id) > (run.created, run.id)
                                       AND later.created >= $1
                                       AND later.created < attune.outcomes_end($2)
                                       AND later.created < attune.outcome_end(origin.created, origin.resolved_at))) AS unsettled
        ON unsettled.enforcement = judged.id
       AND judged.status = 'processed'
     WHERE judged.created >= $1
       AND judged.created < $2
       AND ($3 IS NULL OR judged.trigger_ref = $3)
$$;

-- The events of a half-open range that a rule matched, shadows apart; of a trigger, or of all where it is null. The others fired nothing.
CREATE OR REPLACE FUNCTION event_outcomes(since timestamptz, until timestamptz, wanted_trigger text)
RETURNS TABLE (event bigint, created timestamptz, outcome text) LANGUAGE sql STABLE AS
$$
    SELECT known.event, known.created,
           CASE WHEN bool_or(known.outcome = 'failed') THEN 'failed'
                WHEN bool_or(known.outcome = 'pending') THEN 'pending'
                ELSE 'matched'
           END
      FROM attune.enforcement_outcomes($1, $2, $3) AS known
     WHERE known.event IS NOT NULL
       AND known.outcome <> 'shadow'
     GROUP BY known.event, known.created
$$;

-- Took a part of this before.
DO $$
BEGIN
    IF to_regprocedure('attune.unsettled_executions(timestamptz)') IS NOT NULL THEN
        DROP FUNCTION attune.unsettled_executions(timestamptz);
    END IF;
END
$$;
