-- History: every tracked change of an execution or a worker. Events never change and an enforcement changes once, on its
-- own row, so neither has a history.

CREATE SEQUENCE execution_history_sequence_seq;

CREATE TABLE execution_history
(
    time           timestamptz NOT NULL DEFAULT clock_timestamp(),
    sequence       bigint      NOT NULL DEFAULT nextval('execution_history_sequence_seq'),
    operation      text        NOT NULL,
    entity_id      bigint      NOT NULL,
    entity_ref     text,
    changed_fields text[]      NOT NULL DEFAULT '{}',
    old_values     jsonb,
    new_values     jsonb,
    CONSTRAINT execution_history_operation CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE'))
);

CALL partition_by_time('execution_history', 'time', INTERVAL '1 day', 'entity_ref', 'entity_id, time DESC, sequence DESC', INTERVAL '7 days', INTERVAL '90 days');

ALTER TABLE execution_history ADD CONSTRAINT execution_history_pkey PRIMARY KEY (sequence, time);

CREATE INDEX execution_history_time_idx ON execution_history (time DESC, sequence DESC);
COMMENT ON INDEX execution_history_time_idx IS 'The changes of all executions, newest first.';

CREATE INDEX execution_history_entity_idx ON execution_history (entity_id, time DESC, sequence DESC);
COMMENT ON INDEX execution_history_entity_idx IS 'The changes of one execution.';

CREATE INDEX execution_history_entity_ref_idx ON execution_history (entity_ref, time DESC, sequence DESC);
COMMENT ON INDEX execution_history_entity_ref_idx IS 'The changes of one action''s executions.';

COMMENT ON TABLE execution_history IS 'Every tracked change of an execution, in order.';
COMMENT ON COLUMN execution_history.sequence IS 'Orders the changes of one instant.';

CREATE SEQUENCE worker_history_sequence_seq;

CREATE TABLE worker_history
(
    time           timestamptz NOT NULL DEFAULT clock_timestamp(),
    sequence       bigint      NOT NULL DEFAULT nextval('worker_history_sequence_seq'),
    operation      text        NOT NULL,
    entity_id      bigint      NOT NULL,
    entity_ref     text,
    changed_fields text[]      NOT NULL DEFAULT '{}',
    old_values     jsonb,
    new_values     jsonb,
    CONSTRAINT worker_history_operation CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE'))
);

CALL partition_by_time('worker_history', 'time', INTERVAL '7 days', 'entity_ref', 'entity_id, time DESC, sequence DESC', INTERVAL '7 days', INTERVAL '180 days');

ALTER TABLE worker_history ADD CONSTRAINT worker_history_pkey PRIMARY KEY (sequence, time);

CREATE INDEX worker_history_time_idx ON worker_history (time DESC, sequence DESC);
COMMENT ON INDEX worker_history_time_idx IS 'The changes of all workers, newest first.';

CREATE INDEX worker_history_entity_idx ON worker_history (entity_id, time DESC, sequence DESC);
COMMENT ON INDEX worker_history_entity_idx IS 'The changes of one worker.';

CREATE INDEX worker_history_entity_ref_idx ON worker_history (entity_ref, time DESC, sequence DESC);
COMMENT ON INDEX worker_history_entity_ref_idx IS 'The changes of the worker of one name, earlier ones included.';

COMMENT ON TABLE worker_history IS 'Every tracked change of a worker, in order.';
COMMENT ON COLUMN worker_history.sequence IS 'Orders the changes of one instant.';
