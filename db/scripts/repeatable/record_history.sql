-- Who writes the history of executions and workers: the rows themselves, by a trigger function for each of the two tables. A column
-- that is to be tracked from now on is one more word in the lists below.

-- A large JSON value is remembered by what it was like, not by a copy.
CREATE OR REPLACE FUNCTION json_digest(val jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
$$
    SELECT CASE WHEN val IS NOT NULL THEN
               jsonb_build_object('digest', 'md5:' || md5(val::text), 'size', octet_length(val::text), 'type', jsonb_typeof(val))
           END
$$;

-- The functions are written out from the lists, an IF for each column, because they run for every row: one that goes through a list
-- while it runs took 1.4 to 2.9 times the processor time (10,000 updates of executions on PostgreSQL 15).
DO
$$
DECLARE
    history record;
    changes text;
BEGIN
    FOR history IN
        SELECT *
          FROM (VALUES
                ('execution', 'action_ref',
                 ARRAY['status', 'action_ref', 'executor', 'parent', 'enforcement'],
                 ARRAY['status', 'result', 'executor', 'worker', 'started_at', 'retry_count', 'lost_count', 'workflow_task', 'env_vars'],
                 ARRAY['result', 'env_vars']),
                -- A heartbeat alone is no change: it comes every few seconds for as long as the worker lives.
                ('worker', 'name',
                 ARRAY['name', 'worker_type', 'worker_role', 'status', 'host', 'port'],
                 ARRAY['name', 'status', 'capabilities', 'meta', 'host', 'port'],
                 ARRAY[]::text[])
               ) AS listed (table_name, ref_column, first_values, tracked, digested)
    LOOP
        SELECT string_agg(format($change$
    IF NEW.%1$I IS DISTINCT FROM OLD.%1$I THEN
        fields := fields || %1$L::text;
        before := before || jsonb_build_object(%1$L, %2$s(OLD.%1$I));
        after  := after  || jsonb_build_object(%1$L, %2$s(NEW.%1$I));
    END IF;
$change$,          field, CASE WHEN field = ANY (history.digested) THEN 'attune.json_digest' ELSE '' END), '' ORDER BY place)
          INTO changes
          FROM unnest(history.tracked) WITH ORDINALITY AS listed (field, place);

        EXECUTE format($function$
CREATE OR REPLACE FUNCTION record_%1$s_history() RETURNS trigger LANGUAGE plpgsql AS
$body$
DECLARE
    fields text[] := '{}';
    before jsonb  := '{}';
    after  jsonb  := '{}';
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO attune.%1$s_history (operation, entity_id, entity_ref, new_values)
        VALUES ('INSERT', NEW.id, NEW.%2$I, jsonb_build_object(%3$s));
        RETURN NULL;
    END IF;

    IF TG_OP = 'DELETE' THEN
        IF NOT attune.rows_are_moving() THEN
            INSERT INTO attune.%1$s_history (operation, entity_id, entity_ref) VALUES ('DELETE', OLD.id, OLD.%2$I);
        END IF;

        RETURN NULL;
    END IF;
%4$s
    IF fields <> '{}' THEN
        INSERT INTO attune.%1$s_history (operation, entity_id, entity_ref, changed_fields, old_values, new_values)
        VALUES ('UPDATE', NEW.id, NEW.%2$I, fields, before, after);
    END IF;

    RETURN NULL;
END
$body$
$function$, history.table_name, history.ref_column,
            (SELECT string_agg(format('%1$L, NEW.%1$I', field), ', ' ORDER BY place)
               FROM unnest(history.first_values) WITH ORDINALITY AS listed (field, place)),
            changes);
    END LOOP;
END
$$;
