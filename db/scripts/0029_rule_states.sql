-- What a rule may be besides enabled and disabled: a shadow, which only records what it would have done, or paused because it keeps
-- failing. With it come its window, and a list of what changed in which epoch: whoever has the rules of an earlier one reads the few
-- that differ, and not all of them.

ALTER TABLE rule ADD COLUMN shadow boolean NOT NULL DEFAULT false;
ALTER TABLE rule ADD COLUMN paused_at timestamptz;
ALTER TABLE rule ADD COLUMN paused_reason text;
ALTER TABLE rule ADD COLUMN "window" jsonb;
ALTER TABLE rule ADD CONSTRAINT rule_shadow_is_not_enabled CHECK (NOT (enabled AND shadow));
ALTER TABLE rule ADD CONSTRAINT rule_paused_with_reason CHECK ((paused_at IS NULL) = (paused_reason IS NULL));
ALTER TABLE rule ADD CONSTRAINT rule_window_is_an_object CHECK (jsonb_typeof("window") = 'object');
ALTER TABLE rule_version ADD COLUMN "window" jsonb;

COMMENT ON COLUMN rule.shadow IS 'Evaluated like an enabled rule, but its matches are only recorded.';
COMMENT ON COLUMN rule.paused_at IS 'Since when it is not evaluated because it kept failing; null again once it is changed or switched.';
COMMENT ON COLUMN rule."window" IS 'How often it may match, or has to, within a duration; null when each match counts.';

DROP INDEX rule_trigger_ref_idx;
CREATE INDEX rule_trigger_ref_idx ON rule (trigger_ref) WHERE enabled OR shadow;
COMMENT ON INDEX rule_trigger_ref_idx IS 'The rules of a trigger that are evaluated, when the rule cache is filled.';

ALTER TABLE rule_switch DROP CONSTRAINT rule_switch_state_known;
ALTER TABLE rule_switch ADD CONSTRAINT rule_switch_state_known
CHECK (state IN ('enabled', 'shadow', 'disabled', 'paused', 'deleted'));

-- One row a rule, those included that are gone: the epoch that its last change began.
CREATE TABLE rule_change
(
    rule  bigint NOT NULL,
    epoch bigint NOT NULL,
    CONSTRAINT rule_change_pkey PRIMARY KEY (rule)
);

CREATE INDEX rule_change_epoch_idx ON rule_change (epoch);
COMMENT ON INDEX rule_change_epoch_idx IS 'The rules that changed since the epoch of a cache.';
COMMENT ON TABLE rule_change IS 'In which epoch each rule changed last. Rows stay when the rule is deleted.';

-- Written by the hosts beside the appends, so it is no part of what counts an epoch on.
CREATE TABLE rule_fault
(
    rule               bigint      NOT NULL,
    count              bigint      NOT NULL,
    last_reason        text        NOT NULL,
    last_event         bigint      NOT NULL,
    last_event_created timestamptz NOT NULL,
    last_at            timestamptz NOT NULL,
    since              timestamptz NOT NULL,
    burst_count        bigint      NOT NULL,
    burst_since        timestamptz NOT NULL,
    CONSTRAINT rule_fault_pkey PRIMARY KEY (rule),
    CONSTRAINT rule_fault_rule_fkey FOREIGN KEY (rule) REFERENCES rule (id) ON DELETE CASCADE
);

COMMENT ON TABLE rule_fault IS 'How often a rule could not be evaluated since it was changed last. A burst is what may pause it.';

-- The matches that a window counts, per value of what it counts apart. Its row is the lock of the append that decides.
CREATE TABLE rule_window
(
    rule      bigint        NOT NULL,
    key       bytea         NOT NULL,
    times     timestamptz[] NOT NULL DEFAULT '{}',
    held_back bigint        NOT NULL DEFAULT 0,
    ends      timestamptz   NOT NULL,
    CONSTRAINT rule_window_pkey PRIMARY KEY (rule, key)
);

CREATE INDEX rule_window_ends_idx ON rule_window (ends);
COMMENT ON INDEX rule_window_ends_idx IS 'The rows that nothing in them counts any more, for the maintenance.';
COMMENT ON TABLE rule_window IS 'The last matches of a rule that its window counts, and how many it held back.';

CREATE TABLE rule_held_back
(
    rule      bigint NOT NULL,
    held_back bigint NOT NULL,
    CONSTRAINT rule_held_back_pkey PRIMARY KEY (rule)
);

COMMENT ON TABLE rule_held_back IS 'How many matches windows held back, as far as their rows have been removed since.';

ALTER TABLE enforcement ADD COLUMN shadow boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN enforcement.shadow IS 'What a shadow rule would have done: disabled from the beginning, and so never an execution.';

CREATE INDEX enforcement_shadow_idx ON enforcement (created DESC, id DESC) WHERE shadow;
COMMENT ON INDEX enforcement_shadow_idx IS 'The list of what shadow rules would have done.';

-- A constraint cannot be added where chunks are compressed. A resolved row is final, so this makes one of a shadow never pending; and only
-- a pending one gets an execution.
CREATE TRIGGER enforcement_of_a_shadow_is_disabled AFTER INSERT ON enforcement
   FOR EACH ROW WHEN (NEW.shadow AND NEW.status <> 'disabled')
   EXECUTE FUNCTION refuse_change('enforcement', 'What a shadow rule leaves is disabled from the beginning.');
CREATE TRIGGER enforcement_stays_a_shadow BEFORE UPDATE OF shadow ON enforcement
   FOR EACH ROW EXECUTE FUNCTION refuse_change('enforcement', 'Only status and resolved_at change, once and together.');

-- From here on as before, with the new columns.
DROP TRIGGER rule_count_version ON rule;
CREATE TRIGGER rule_count_version BEFORE UPDATE ON rule
   FOR EACH ROW WHEN ((OLD.trigger_ref, OLD.trigger_params, OLD.condition, OLD.conditions, OLD.action_ref, OLD.action_params, OLD."window")
                      IS DISTINCT FROM
                      (NEW.trigger_ref, NEW.trigger_params, NEW.condition, NEW.conditions, NEW.action_ref, NEW.action_params, NEW."window"))
   EXECUTE FUNCTION count_rule_version();

DROP TRIGGER rule_keep_switch_change ON rule;
CREATE TRIGGER rule_keep_switch_change AFTER UPDATE ON rule
   FOR EACH ROW WHEN ((OLD.enabled, OLD.shadow, OLD.paused_at IS NULL) IS DISTINCT FROM (NEW.enabled, NEW.shadow, NEW.paused_at IS NULL))
   EXECUTE FUNCTION keep_rule_switch();

DROP TRIGGER rule_keep_timer_change ON rule;
CREATE TRIGGER rule_keep_timer_change AFTER UPDATE ON rule
   FOR EACH ROW WHEN ((OLD.enabled OR OLD.shadow) <> (NEW.enabled OR NEW.shadow) OR OLD.trigger_ref <> NEW.trigger_ref
                      OR OLD.trigger_params <> NEW.trigger_params)
   EXECUTE FUNCTION keep_rule_timer();

-- What keeps changes apart takes the place of what only counted them: see rule_changes.sql.
DROP TRIGGER rule_next_epoch ON rule;
DROP TRIGGER pack_next_epoch ON pack;
CREATE TRIGGER pack_next_epoch AFTER INSERT OR DELETE OR TRUNCATE ON pack FOR EACH STATEMENT EXECUTE FUNCTION next_rule_epoch();
