-- What a change of a rule leaves behind: a version of each text it had, when it was switched, where its timer begins, and a new
-- epoch, by which caches can tell that they are stale.

-- A change of what a rule says makes a new version; switching it on or off does not.
CREATE OR REPLACE FUNCTION count_rule_version() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION keep_rule_version() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO attune.rule_version (rule, version, rule_ref, trigger_ref, trigger_params, condition, conditions, action_ref, action_params)
    VALUES (NEW.id, NEW.version, NEW.ref, NEW.trigger_ref, NEW.trigger_params, NEW.condition, NEW.conditions, NEW.action_ref,
            NEW.action_params)
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
        INSERT INTO attune.rule_switch (rule, state) VALUES (NEW.id, CASE WHEN NEW.enabled THEN 'enabled' ELSE 'disabled' END);
    END IF;
    RETURN NULL;
END
$$;

-- A timer begins when its rule is enabled or given another one, and not with whatever was due before.
CREATE OR REPLACE FUNCTION keep_rule_timer() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    IF NEW.enabled AND NEW.trigger_ref IN ('core.interval', 'core.cron', 'core.date_time') THEN
        INSERT INTO attune.rule_timer AS timer (rule, position) VALUES (NEW.id, clock_timestamp())
            ON CONFLICT (rule) DO UPDATE SET position = excluded.position;
    ELSE
        DELETE FROM attune.rule_timer WHERE rule = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
