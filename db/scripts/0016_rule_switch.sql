-- When each rule was switched on, switched off or deleted: only so can anybody be told later why it left an event alone.

CREATE TABLE rule_switch
(
    id    bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    rule  bigint      NOT NULL,
    at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    state text        NOT NULL,
    CONSTRAINT rule_switch_pkey PRIMARY KEY (id),
    CONSTRAINT rule_switch_state_known CHECK (state IN ('enabled', 'disabled', 'deleted'))
);

CREATE INDEX rule_switch_rule_idx ON rule_switch (rule, at DESC, id DESC);
COMMENT ON INDEX rule_switch_rule_idx IS 'The state of a rule at an instant.';

COMMENT ON TABLE rule_switch IS 'When a rule was switched on, switched off or deleted. Rows stay when the rule is deleted.';

CREATE FUNCTION keep_rule_switch() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO attune.rule_switch (rule, state) VALUES (OLD.id, 'deleted');
    ELSE
        INSERT INTO attune.rule_switch (rule, state) VALUES (NEW.id, CASE WHEN NEW.enabled THEN 'enabled' ELSE 'disabled' END);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER rule_keep_switch AFTER INSERT OR DELETE ON rule FOR EACH ROW EXECUTE FUNCTION keep_rule_switch();
CREATE TRIGGER rule_keep_switch_change AFTER UPDATE ON rule
   FOR EACH ROW WHEN (OLD.enabled <> NEW.enabled) EXECUTE FUNCTION keep_rule_switch();

-- Of the rules that are there, nothing is known before their last change.
INSERT INTO rule_switch (rule, at, state)
SELECT id, updated, CASE WHEN enabled THEN 'enabled' ELSE 'disabled' END
  FROM rule;
