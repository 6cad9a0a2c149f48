-- Events: one row each time a trigger fired. References are soft, so that deleting a trigger, a rule or a sensor never
-- touches the ledger.

CREATE SEQUENCE event_id_seq; -- its own object: identity columns and partitions do not mix before PostgreSQL 17

CREATE TABLE event
(
    id          bigint      NOT NULL DEFAULT nextval('event_id_seq'),
    trigger     bigint,
    trigger_ref text        NOT NULL,
    config      jsonb,
    payload     jsonb,
    source      bigint,
    source_ref  text,
    created     timestamptz NOT NULL DEFAULT now(),
    rule        bigint,
    rule_ref    text
);

CALL partition_by_time('event', 'created', INTERVAL '1 day', 'trigger_ref', 'created DESC, id DESC', INTERVAL '7 days', INTERVAL '90 days');

ALTER TABLE event ADD CONSTRAINT event_pkey PRIMARY KEY (id, created);

CREATE INDEX event_created_idx ON event (created DESC, id DESC);
COMMENT ON INDEX event_created_idx IS 'The list of all events, walked backwards by (created, id).';

CREATE INDEX event_trigger_ref_idx ON event (trigger_ref, created DESC, id DESC);
COMMENT ON INDEX event_trigger_ref_idx IS 'The list of one trigger''s events.';

CREATE INDEX event_rule_ref_idx ON event (rule_ref, created DESC, id DESC) WHERE rule_ref IS NOT NULL;
COMMENT ON INDEX event_rule_ref_idx IS 'The list of events targeted at one rule; few events are.';

CREATE INDEX event_source_ref_idx ON event (source_ref, created DESC, id DESC) WHERE source_ref IS NOT NULL;
COMMENT ON INDEX event_source_ref_idx IS 'The list of the events of one source.';

COMMENT ON TABLE event IS 'A trigger fired. Rows are never changed.';

-- The window in which the same key means the same event. An ordinary table: it is pruned, not partitioned.
CREATE TABLE event_key
(
    source        text        NOT NULL,
    key           text        NOT NULL,
    event         bigint      NOT NULL,
    event_created timestamptz NOT NULL,
    created       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT event_key_pkey PRIMARY KEY (source, key)
);

CREATE INDEX event_key_created_idx ON event_key (created);
COMMENT ON INDEX event_key_created_idx IS 'Keys older than a day, for pruning.';

COMMENT ON TABLE event_key IS 'Idempotency: within 24 hours the same key of the same source is the same event.';
