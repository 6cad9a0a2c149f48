-- Who writes the history: the rows themselves. A mutable column added to execution or worker later needs its line here.

-- A large JSON value is remembered by what it was like, not by a copy.
CREATE FUNCTION json_digest(val jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$
    SELECT CASE WHEN val IS NOT NULL THEN
               jsonb_build_object('digest', 'md5:' || md5(val::text), 'size', octet_length(val::text), 'type', jsonb_typeof(val))
           END
$$;

-- Rows that move into their partition, or leave with an expired one, have not changed.
CREATE FUNCTION rows_are_moving() RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT coalesce(current_setting('attune.moving', true), '') = 'on'
$$;

CREATE FUNCTION record_execution_history() RETURNS trigger LANGUAGE plpgsql AS
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

CREATE TRIGGER execution_history_trigger AFTER INSERT OR UPDATE OR DELETE ON execution
   FOR EACH ROW EXECUTE FUNCTION record_execution_history();

CREATE FUNCTION record_worker_history() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
    was    jsonb;
    is_now jsonb;
    fields text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO attune.worker_history (operation, entity_id, entity_ref, new_values)
        VALUES ('INSERT', NEW.id, NEW.name,
                jsonb_build_object('name', NEW.name, 'worker_type', NEW.worker_type, 'worker_role', NEW.worker_role,
                                   'status', NEW.status, 'host', NEW.host, 'port', NEW.port));
        RETURN NULL;
    END IF;

    IF TG_OP = 'DELETE' THEN
        INSERT INTO attune.worker_history (operation, entity_id, entity_ref) VALUES ('DELETE', OLD.id, OLD.name);
        RETURN NULL;
    END IF;

    -- A heartbeat alone is no change: it comes every few seconds for as long as the worker lives.
    was    := jsonb_build_object('name', OLD.name, 'status', OLD.status, 'capabilities', OLD.capabilities, 'meta', OLD.meta,
                                 'host', OLD.host, 'port', OLD.port);
    is_now := jsonb_build_object('name', NEW.name, 'status', NEW.status, 'capabilities', NEW.capabilities, 'meta', NEW.meta,
                                 'host', NEW.host, 'port', NEW.port);
    fields := ARRAY(SELECT field
                      FROM unnest(ARRAY['name', 'status', 'capabilities', 'meta', 'host', 'port']) WITH ORDINALITY AS listed (field, place)
                     WHERE was -> field IS DISTINCT FROM is_now -> field
                     ORDER BY place);

    IF fields <> '{}' THEN
        INSERT INTO attune.worker_history (operation, entity_id, entity_ref, changed_fields, old_values, new_values)
        SELECT 'UPDATE', NEW.id, NEW.name, fields,
               jsonb_object_agg(field, was -> field), jsonb_object_agg(field, is_now -> field)
          FROM unnest(fields) AS field;
    END IF;

    RETURN NULL;
END
$$;

CREATE TRIGGER worker_history_trigger AFTER INSERT OR UPDATE OR DELETE ON worker
   FOR EACH ROW EXECUTE FUNCTION record_worker_history();
