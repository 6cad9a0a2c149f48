-- What the database itself holds true: an event never changes, an enforcement is resolved once, a rule's every text is
-- kept, and caches can tell that they are stale. Trigger functions name the schema, so that whoever writes a row by hand
-- need not set a search path first.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    RAISE EXCEPTION '% rows cannot be changed this way', TG_ARGV[0]
          USING ERRCODE = 'restrict_violation', HINT = TG_ARGV[1];
END
$$;

CREATE TRIGGER event_is_immutable BEFORE UPDATE ON event
   FOR EACH ROW EXECUTE FUNCTION refuse_change('event', 'Events are never updated: append another one.');

CREATE TRIGGER enforcement_keeps_what_it_says
BEFORE UPDATE OF id, rule, rule_ref, rule_version, trigger_ref, config, event, payload, condition, conditions, created ON enforcement
   FOR EACH ROW EXECUTE FUNCTION refuse_change('enforcement', 'Only status and resolved_at change, once and together.');

CREATE TRIGGER enforcement_is_resolved_once BEFORE UPDATE ON enforcement
   FOR EACH ROW WHEN (OLD.status <> 'created')
   EXECUTE FUNCTION refuse_change('enforcement', 'A resolved enforcement is final.');

CREATE TRIGGER rule_version_is_immutable BEFORE UPDATE ON rule_version
   FOR EACH ROW EXECUTE FUNCTION refuse_change('rule_version', 'A rule''s earlier texts are kept as they were.');

CREATE FUNCTION touch_updated() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    NEW.updated := clock_timestamp();
    RETURN NEW;
END
$$;

CREATE TRIGGER pack_touch_updated BEFORE UPDATE ON pack FOR EACH ROW EXECUTE FUNCTION touch_updated();
CREATE TRIGGER trigger_touch_updated BEFORE UPDATE ON trigger FOR EACH ROW EXECUTE FUNCTION touch_updated();
CREATE TRIGGER sensor_touch_updated BEFORE UPDATE ON sensor FOR EACH ROW EXECUTE FUNCTION touch_updated();
CREATE TRIGGER action_touch_updated BEFORE UPDATE ON action FOR EACH ROW EXECUTE FUNCTION touch_updated();
CREATE TRIGGER rule_touch_updated BEFORE UPDATE ON rule FOR EACH ROW EXECUTE FUNCTION touch_updated();
CREATE TRIGGER execution_touch_updated BEFORE UPDATE ON execution FOR EACH ROW EXECUTE FUNCTION touch_updated();
CREATE TRIGGER worker_touch_updated BEFORE UPDATE ON worker FOR EACH ROW EXECUTE FUNCTION touch_updated();

-- A change of what a rule says makes a new version; switching it on or off does not.
CREATE FUNCTION count_rule_version() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;

CREATE TRIGGER rule_count_version BEFORE UPDATE ON rule
   FOR EACH ROW WHEN ((OLD.trigger_ref, OLD.trigger_params, OLD.condition, OLD.conditions, OLD.action_ref, OLD.action_params)
                      IS DISTINCT FROM
                      (NEW.trigger_ref, NEW.trigger_params, NEW.condition, NEW.conditions, NEW.action_ref, NEW.action_params))
   EXECUTE FUNCTION count_rule_version();

CREATE FUNCTION keep_rule_version() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO attune.rule_version (rule, version, rule_ref, trigger_ref, trigger_params, condition, conditions, action_ref, action_params)
    VALUES (NEW.id, NEW.version, NEW.ref, NEW.trigger_ref, NEW.trigger_params, NEW.condition, NEW.conditions, NEW.action_ref,
            NEW.action_params)
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER rule_keep_version AFTER INSERT OR UPDATE ON rule FOR EACH ROW EXECUTE FUNCTION keep_rule_version();

CREATE FUNCTION next_rule_epoch() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    UPDATE attune.rule_epoch SET epoch = epoch + 1;
    RETURN NULL;
END
$$;

CREATE TRIGGER rule_next_epoch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON rule
   FOR EACH STATEMENT EXECUTE FUNCTION next_rule_epoch();
CREATE TRIGGER trigger_next_epoch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON trigger
   FOR EACH STATEMENT EXECUTE FUNCTION next_rule_epoch();
CREATE TRIGGER action_next_epoch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON action
   FOR EACH STATEMENT EXECUTE FUNCTION next_rule_epoch();
CREATE TRIGGER pack_next_epoch AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pack
   FOR EACH STATEMENT EXECUTE FUNCTION next_rule_epoch();
