-- Who tells the hosts: the rows themselves, by NOTIFY. A message names a row and never holds a JSON column, because above
-- 8000 bytes NOTIFY makes the writing statement itself fail.

CREATE OR REPLACE FUNCTION send_change(channel text, message json) RETURNS void LANGUAGE plpgsql AS
$$
BEGIN
    -- Only references of absurd length come here: then the row is named, and no more.
    IF octet_length(message::text) > 1000 THEN
        message := json_build_object('entity_type', message -> 'entity_type', 'entity_id', message -> 'entity_id',
                                     'id', message -> 'id', 'status', message -> 'status', 'created', message -> 'created');
    END IF;

    PERFORM pg_notify(channel, message::text);
END
$$;

CREATE OR REPLACE FUNCTION notify_event_created() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM attune.send_change('event_created', json_build_object(
        'entity_type', 'event', 'entity_id', NEW.id, 'id', NEW.id, 'trigger', NEW.trigger, 'trigger_ref', NEW.trigger_ref,
        'source', NEW.source, 'source_ref', NEW.source_ref, 'rule', NEW.rule, 'rule_ref', NEW.rule_ref,
        'has_payload', NEW.payload IS NOT NULL, 'created', NEW.created));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION notify_enforcement_created() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM attune.send_change('enforcement_created', json_build_object(
        'entity_type', 'enforcement', 'entity_id', NEW.id, 'id', NEW.id, 'rule', NEW.rule, 'rule_ref', NEW.rule_ref,
        'trigger_ref', NEW.trigger_ref, 'event', NEW.event, 'status', NEW.status, 'condition', NEW.condition,
        'has_payload', NEW.payload <> '{}', 'created', NEW.created, 'resolved_at', NEW.resolved_at));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION notify_enforcement_status_changed() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM attune.send_change('enforcement_status_changed', json_build_object(
        'entity_type', 'enforcement', 'entity_id', NEW.id, 'id', NEW.id, 'rule', NEW.rule, 'rule_ref', NEW.rule_ref,
        'trigger_ref', NEW.trigger_ref, 'event', NEW.event, 'status', NEW.status, 'old_status', OLD.status,
        'condition', NEW.condition, 'has_payload', NEW.payload <> '{}', 'created', NEW.created, 'resolved_at', NEW.resolved_at));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION notify_execution_created() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM attune.send_change('execution_created', json_build_object(
        'entity_type', 'execution', 'entity_id', NEW.id, 'id', NEW.id, 'action_id', NEW.action, 'action_ref', NEW.action_ref,
        'status', NEW.status, 'enforcement', NEW.enforcement, 'rule_ref', NEW.rule_ref, 'trigger_ref', NEW.trigger_ref,
        'parent', NEW.parent, 'has_payload', NEW.result IS NOT NULL, 'created', NEW.created, 'updated', NEW.updated));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION notify_execution_status_changed() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM attune.send_change('execution_status_changed', json_build_object(
        'entity_type', 'execution', 'entity_id', NEW.id, 'id', NEW.id, 'action_id', NEW.action, 'action_ref', NEW.action_ref,
        'status', NEW.status, 'old_status', OLD.status, 'enforcement', NEW.enforcement, 'rule_ref', NEW.rule_ref,
        'trigger_ref', NEW.trigger_ref, 'parent', NEW.parent, 'worker', NEW.worker, 'has_payload', NEW.result IS NOT NULL,
        'created', NEW.created, 'updated', NEW.updated));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION notify_worker_status_changed() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM attune.send_change('worker_status_changed', json_build_object(
        'entity_type', 'worker', 'entity_id', NEW.id, 'id', NEW.id, 'name', NEW.name, 'status', NEW.status,
        'old_status', CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END, 'has_payload', false,
        'created', NEW.created, 'updated', NEW.updated));
    RETURN NULL;
END
$$;
