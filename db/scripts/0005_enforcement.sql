-- Enforcements: a rule matched an event. created is the event's, so that one event can have one enforcement a rule, and a
-- unique constraint on both engines says so.

CREATE SEQUENCE enforcement_id_seq;

CREATE TABLE enforcement
(
    id           bigint                     NOT NULL DEFAULT nextval('enforcement_id_seq'),
    rule         bigint,
    rule_ref     text                       NOT NULL,
    rule_version integer,
    trigger_ref  text                       NOT NULL,
    config       jsonb,
    event        bigint,
    status       enforcement_status_enum    NOT NULL DEFAULT 'created',
    payload      jsonb                      NOT NULL,
    condition    enforcement_condition_enum NOT NULL DEFAULT 'all',
    conditions   jsonb                      NOT NULL DEFAULT '[]',
    created      timestamptz                NOT NULL DEFAULT now(),
    resolved_at  timestamptz,
    CONSTRAINT enforcement_resolved_with_status CHECK ((status = 'created') = (resolved_at IS NULL))
);

CALL partition_by_time('enforcement', 'created', INTERVAL '1 day', 'rule_ref', 'created DESC, id DESC', INTERVAL '7 days', INTERVAL '90 days');

ALTER TABLE enforcement ADD CONSTRAINT enforcement_pkey PRIMARY KEY (id, created);
ALTER TABLE enforcement ADD CONSTRAINT enforcement_event_rule_key UNIQUE (event, rule, created);

CREATE INDEX enforcement_created_idx ON enforcement (created DESC, id DESC);
COMMENT ON INDEX enforcement_created_idx IS 'The list of all enforcements.';

CREATE INDEX enforcement_rule_ref_idx ON enforcement (rule_ref, created DESC, id DESC);
COMMENT ON INDEX enforcement_rule_ref_idx IS 'The list of one rule''s enforcements.';

CREATE INDEX enforcement_trigger_ref_idx ON enforcement (trigger_ref, created DESC, id DESC);
COMMENT ON INDEX enforcement_trigger_ref_idx IS 'The list of one trigger''s enforcements.';

CREATE INDEX enforcement_pending_idx ON enforcement (created, id) WHERE status = 'created';
COMMENT ON INDEX enforcement_pending_idx IS 'What the resolver claims, oldest first, and the list of pending ones.';

CREATE INDEX enforcement_disabled_idx ON enforcement (created DESC, id DESC) WHERE status = 'disabled';
COMMENT ON INDEX enforcement_disabled_idx IS 'The list of disabled ones: rare, so the list of all would be read far.';

COMMENT ON TABLE enforcement IS 'A rule matched an event. Its status changes once, with resolved_at, and then never.';
COMMENT ON COLUMN enforcement.resolved_at IS 'When it was processed or disabled, by the database''s clock; null while it is pending.';

-- Why a pending enforcement could not be resolved yet. The row goes when it is resolved.
CREATE TABLE resolution_failure
(
    enforcement         bigint      NOT NULL,
    enforcement_created timestamptz NOT NULL,
    attempts            integer     NOT NULL DEFAULT 1,
    reason              text        NOT NULL,
    last_attempt        timestamptz NOT NULL DEFAULT now(),
    next_attempt        timestamptz NOT NULL,
    CONSTRAINT resolution_failure_pkey PRIMARY KEY (enforcement)
);

COMMENT ON TABLE resolution_failure IS 'Why an enforcement is still pending, and when it is tried again.';
