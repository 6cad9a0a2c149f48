-- How far each timer has come, kept with the rule: ticks that came due while no host ran are known of at the next start, and
-- one whose event is written is never due again, however long ago that was.

CREATE TABLE rule_timer
(
    rule     bigint      NOT NULL,
    position timestamptz NOT NULL,
    CONSTRAINT rule_timer_pkey PRIMARY KEY (rule),
    CONSTRAINT rule_timer_rule_fkey FOREIGN KEY (rule) REFERENCES rule (id) ON DELETE CASCADE
);

COMMENT ON TABLE rule_timer IS 'The timers of the enabled rules. Ticks up to the position are done with; it moves in the transaction that writes their events.';

-- A timer begins when its rule is enabled or given another one, and not with whatever was due before.
CREATE FUNCTION keep_rule_timer() RETURNS trigger LANGUAGE plpgsql AS
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

CREATE TRIGGER rule_keep_timer AFTER INSERT ON rule FOR EACH ROW EXECUTE FUNCTION keep_rule_timer();
CREATE TRIGGER rule_keep_timer_change AFTER UPDATE ON rule
   FOR EACH ROW WHEN (OLD.enabled <> NEW.enabled OR OLD.trigger_ref <> NEW.trigger_ref OR OLD.trigger_params <> NEW.trigger_params)
   EXECUTE FUNCTION keep_rule_timer();

-- Timers that are there go on with the tick before: it has its key if it was fired, and a newcomer sees one at once.
INSERT INTO rule_timer (rule, position)
SELECT id, clock_timestamp() - INTERVAL '30 seconds'
  FROM rule
 WHERE enabled
   AND trigger_ref = 'core.interval';

UPDATE trigger
   SET param_schema = param_schema || '{"missed_ticks": {"type": "string", "description": "What becomes of ticks that are more than a minute late: latest, all or none.", "default": "latest"}}'::jsonb
 WHERE ref = 'core.interval'
   AND jsonb_typeof(param_schema) = 'object';

INSERT INTO trigger (ref, pack, pack_ref, label, description, param_schema)
SELECT 'core.cron', id, ref, 'Cron', 'A rule''s cron timer ticked.',
       '{"expression": {"type": "string", "description": "Minute, hour, day, month, weekday; with six fields, seconds come first.", "required": true},
         "timezone": {"type": "string", "description": "The zone in which the expression is read, such as Europe/Berlin.", "default": "UTC"},
         "missed_ticks": {"type": "string", "description": "What becomes of ticks that are more than a minute late: latest, all or none.", "default": "latest"}}'::jsonb
  FROM pack
 WHERE ref = 'core'
    ON CONFLICT (ref) DO NOTHING;

INSERT INTO trigger (ref, pack, pack_ref, label, description, param_schema)
SELECT 'core.date_time', id, ref, 'Date and time', 'The moment that a rule waits for has come.',
       '{"fire_at": {"type": "string", "description": "The moment, such as 2027-01-31T09:00:00+01:00.", "required": true},
         "missed_ticks": {"type": "string", "description": "What becomes of a moment that is noticed more than a minute late: latest, all or none.", "default": "latest"}}'::jsonb
  FROM pack
 WHERE ref = 'core'
    ON CONFLICT (ref) DO NOTHING;
