-- What a change of a rule leaves behind: a version of each text it had, when it was switched, where its timer begins, and a new
-- epoch, by which caches can tell that they are stale.

-- A change of what a rule says makes a new version, which may not fail any more; switching it on or off does not.
CREATE OR REPLACE FUNCTION count_rule_version() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.paused_at := NULL;
    NEW.paused_reason := NULL;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION keep_rule_version() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO attune.rule_version (rule, version, rule_ref, trigger_ref, trigger_params, condition, conditions, action_ref, action_params,
                                     "window")
    VALUES (NEW.id, NEW.version, NEW.ref, NEW.trigger_ref, NEW.trigger_params, NEW.condition, NEW.conditions, NEW.action_ref,
            NEW.action_params, NEW."window")
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION next_rule_epoch() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    UPDATE attune.rule_epoch SET epoch = epoch + 1;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION keep_rule_switch() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO attune.rule_switch (rule, state) VALUES (OLD.id, 'deleted');
    ELSE
        INSERT INTO attune.rule_switch (rule, state)
        VALUES (NEW.id, CASE WHEN NEW.paused_at IS NOT NULL THEN 'paused'
                             WHEN NEW.enabled THEN 'enabled'
                             WHEN NEW.shadow THEN 'shadow'
                             ELSE 'disabled'
                        END);
    END IF;
    RETURN NULL;
END
$$;

-- A timer begins when its rule is enabled or given another one, and not with whatever was due before.
CREATE OR REPLACE FUNCTION keep_rule_timer() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF (NEW.enabled OR NEW.shadow)
       AND NEW.trigger_ref IN ('core.interval', 'core.cron', 'core.date_time',
                               'core.intervaltimer', 'core.crontimer', 'core.datetimetimer') THEN
        INSERT INTO attune.rule_timer AS timer (rule, position) VALUES (NEW.id, clock_timestamp())
            ON CONFLICT (rule) DO UPDATE SET position = excluded.position;
    ELSE
        DELETE FROM attune.rule_timer WHERE rule = NEW.id;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION forget_rule_fault() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    DELETE FROM attune.rule_fault WHERE rule = NEW.id;
    RETURN NULL;
END
$$;

-- The row of the epoch is locked until the change is committed, so epochs are committed in their order.
CREATE OR REPLACE FUNCTION begin_rule_epoch(rules bigint[]) RETURNS void LANGUAGE plpgsql AS
$$
DECLARE
    begun bigint;
BEGIN
    UPDATE attune.rule_epoch SET epoch = epoch + 1 RETURNING epoch INTO begun;
    INSERT INTO attune.rule_change AS kept (rule, epoch)
    SELECT rule, begun
      FROM unnest(rules) AS given (rule)
        ON CONFLICT (rule) DO UPDATE SET epoch = excluded.epoch;
END
$$;

CREATE OR REPLACE FUNCTION keep_rule_change() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM attune.begin_rule_epoch(ARRAY(SELECT id FROM changed));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION keep_rule_truncation() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM attune.begin_rule_epoch(ARRAY(SELECT id FROM attune.rule));
    RETURN NULL;
END
$$;

-- What templates read of a pack is a part of its rules.
CREATE OR REPLACE FUNCTION keep_pack_change() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM attune.begin_rule_epoch(ARRAY(SELECT rule.id FROM attune.rule JOIN changed ON changed.id = rule.pack));
    RETURN NULL;
END
$$;

-- Triggers whose functions are above: a numbered script runs before those are there.
CREATE OR REPLACE TRIGGER rule_forget_fault AFTER UPDATE ON rule
   FOR EACH ROW WHEN (OLD.version <> NEW.version OR (OLD.paused_at IS NOT NULL AND NEW.paused_at IS NULL))
   EXECUTE FUNCTION forget_rule_fault();
CREATE OR REPLACE TRIGGER rule_keep_change_inserted AFTER INSERT ON rule
   REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_rule_change();
CREATE OR REPLACE TRIGGER rule_keep_change_updated AFTER UPDATE ON rule
   REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_rule_change();
CREATE OR REPLACE TRIGGER rule_keep_change_deleted AFTER DELETE ON rule
   REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_rule_change();
CREATE OR REPLACE TRIGGER rule_keep_truncation BEFORE TRUNCATE ON rule FOR EACH STATEMENT EXECUTE FUNCTION keep_rule_truncation();
CREATE OR REPLACE TRIGGER pack_keep_change AFTER UPDATE ON pack
   REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_pack_change();
