-- Attempts: one that failed is followed by another, linked to the first, after a while; and one whose worker was lost again and
-- again comes to an end. Both need to be counted, and counted apart.

ALTER TABLE execution ADD COLUMN lost_count integer NOT NULL DEFAULT 0;
ALTER TABLE execution ADD COLUMN not_before timestamptz;

COMMENT ON COLUMN execution.retry_count IS 'Which attempt this is: 0 for the first.';
COMMENT ON COLUMN execution.original_execution IS 'The first attempt, on those that follow it.';
COMMENT ON COLUMN execution.lost_count IS 'How often the worker was lost that had it in hand.';
COMMENT ON COLUMN execution.not_before IS 'A later attempt is not claimed earlier.';

CREATE INDEX execution_original_execution_idx ON execution (original_execution, created DESC) WHERE original_execution IS NOT NULL;
COMMENT ON INDEX execution_original_execution_idx IS 'The attempts that followed a first one.';

ALTER TABLE action ADD CONSTRAINT action_limits CHECK (timeout_seconds > 0 AND max_retries >= 0);

-- As before, with the line of lost_count.
CREATE OR REPLACE FUNCTION record_execution_history() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
    fields text[] := '{}';
    before jsonb  := '{}';
    after  jsonb  := '{}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO attune.execution_history (operation, entity_id, entity_ref, new_values)
        VALUES ('INSERT', NEW.id, NEW.action_ref,
                jsonb_build_object('status', NEW.status, 'action_ref', NEW.action_ref, 'executor', NEW.executor,
                                   'parent', NEW.parent, 'enforcement', NEW.enforcement));
        RETURN NULL;
    END IF;

    IF TG_OP = 'DELETE' THEN
        IF NOT attune.rows_are_moving() THEN
            INSERT INTO attune.execution_history (operation, entity_id, entity_ref) VALUES ('DELETE', OLD.id, OLD.action_ref);
        END IF;

        RETURN NULL;
    END IF;

    IF NEW.status IS DISTINCT FROM OLD.status THEN
        fields := fields || 'status'::text;
        before := before || jsonb_build_object('status', OLD.status);
        after  := after  || jsonb_build_object('status', NEW.status);
    END IF;

    IF NEW.result IS DISTINCT FROM OLD.result THEN
        fields := fields || 'result'::text;
        before := before || jsonb_build_object('result', attune.json_digest(OLD.result));
        after  := after  || jsonb_build_object('result', attune.json_digest(NEW.result));
    END IF;

    IF NEW.executor IS DISTINCT FROM OLD.executor THEN
        fields := fields || 'executor'::text;
        before := before || jsonb_build_object('executor', OLD.executor);
        after  := after  || jsonb_build_object('executor', NEW.executor);
    END IF;

    IF NEW.worker IS DISTINCT FROM OLD.worker THEN
        fields := fields || 'worker'::text;
        before := before || jsonb_build_object('worker', OLD.worker);
        after  := after  || jsonb_build_object('worker', NEW.worker);
    END IF;

    IF NEW.started_at IS DISTINCT FROM OLD.started_at THEN
        fields := fields || 'started_at'::text;
        before := before || jsonb_build_object('started_at', OLD.started_at);
        after  := after  || jsonb_build_object('started_at', NEW.started_at);
    END IF;

    IF NEW.retry_count IS DISTINCT FROM OLD.retry_count THEN
        fields := fields || 'retry_count'::text;
        before := before || jsonb_build_object('retry_count', OLD.retry_count);
        after  := after  || jsonb_build_object('retry_count', NEW.retry_count);
    END IF;

    IF NEW.lost_count IS DISTINCT FROM OLD.lost_count THEN
        fields := fields || 'lost_count'::text;
        before := before || jsonb_build_object('lost_count', OLD.lost_count);
        after  := after  || jsonb_build_object('lost_count', NEW.lost_count);
    END IF;

    IF NEW.workflow_task IS DISTINCT FROM OLD.workflow_task THEN
        fields := fields || 'workflow_task'::text;
        before := before || jsonb_build_object('workflow_task', OLD.workflow_task);
        after  := after  || jsonb_build_object('workflow_task', NEW.workflow_task);
    END IF;

    IF NEW.env_vars IS DISTINCT FROM OLD.env_vars THEN
        fields := fields || 'env_vars'::text;
        before := before || jsonb_build_object('env_vars', attune.json_digest(OLD.env_vars));
        after  := after  || jsonb_build_object('env_vars', attune.json_digest(NEW.env_vars));
    END IF;

    IF fields <> '{}' THEN
        INSERT INTO attune.execution_history (operation, entity_id, entity_ref, changed_fields, old_values, new_values)
        VALUES ('UPDATE', NEW.id, NEW.action_ref, fields, before, after);
    END IF;

    RETURN NULL;
END
$$;
