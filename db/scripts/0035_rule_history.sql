-- What rules were is asked for by trigger, and by time: each chart has marks where rules changed, and each event is explained by the rules
-- that were on its trigger. Both read all of rule_version and rule_switch before, however many versions other rules had.

CREATE INDEX rule_version_trigger_ref_idx ON rule_version (trigger_ref, rule DESC);
COMMENT ON INDEX rule_version_trigger_ref_idx IS 'The rules that a trigger has ever had, a step for each, whatever versions they have.';

CREATE INDEX rule_version_created_idx ON rule_version (created DESC, version DESC);
COMMENT ON INDEX rule_version_created_idx IS 'What was changed last of all rules.';

CREATE INDEX rule_switch_at_idx ON rule_switch (at DESC, id DESC);
COMMENT ON INDEX rule_switch_at_idx IS 'What was switched last of all rules.';
