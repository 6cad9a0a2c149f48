-- The timers under the names and with the parameters that the original has for them. A trigger that somebody made under such a name
-- stays as it is, and its rules' timers begin now.

INSERT INTO trigger (ref, pack, pack_ref, label, description, param_schema)
SELECT 'core.intervaltimer', id, ref, 'Interval timer', 'A rule''s timer ticked. The same as core.interval, in units.',
       '{"unit": {"type": "string", "description": "What is counted.", "enum": ["seconds", "minutes", "hours", "days"], "default": "seconds"},
         "interval": {"type": "integer", "description": "Units between two ticks, counted from the Unix epoch.", "required": true, "minimum": 1},
         "missed_ticks": {"type": "string", "description": "What becomes of ticks that are more than a minute late: latest, all or none.", "default": "latest"}}'::jsonb
  FROM pack
 WHERE ref = 'core'
    ON CONFLICT (ref) DO NOTHING;

INSERT INTO trigger (ref, pack, pack_ref, label, description, param_schema)
SELECT 'core.crontimer', id, ref, 'Cron timer', 'A rule''s cron timer ticked. The same as core.cron.',
       '{"expression": {"type": "string", "description": "Minute, hour, day, month, weekday; with six fields, seconds come first.", "required": true},
         "timezone": {"type": "string", "description": "The zone in which the expression is read, such as Europe/Berlin.", "default": "UTC"},
         "missed_ticks": {"type": "string", "description": "What becomes of ticks that are more than a minute late: latest, all or none.", "default": "latest"}}'::jsonb
  FROM pack
 WHERE ref = 'core'
    ON CONFLICT (ref) DO NOTHING;

INSERT INTO trigger (ref, pack, pack_ref, label, description, param_schema)
SELECT 'core.datetimetimer', id, ref, 'Date and time timer', 'The moment that a rule waits for has come. The same as core.date_time.',
       '{"fire_at": {"type": "string", "description": "The moment, such as 2027-01-31T09:00:00+01:00.", "required": true},
         "timezone": {"type": "string", "description": "The zone in which a moment without an offset is read, such as Europe/Berlin.", "default": "UTC"},
         "missed_ticks": {"type": "string", "description": "What becomes of a moment that is noticed more than a minute late: latest, all or none.", "default": "latest"}}'::jsonb
  FROM pack
 WHERE ref = 'core'
    ON CONFLICT (ref) DO NOTHING;

INSERT INTO rule_timer (rule, position)
SELECT id, clock_timestamp()
  FROM rule
 WHERE (enabled OR shadow)
   AND trigger_ref IN ('core.intervaltimer', 'core.crontimer', 'core.datetimetimer')
    ON CONFLICT (rule) DO NOTHING;

UPDATE trigger
   SET param_schema = param_schema || '{"timezone": {"type": "string", "description": "The zone in which a moment without an offset is read, such as Europe/Berlin."}}'::jsonb
 WHERE ref = 'core.date_time'
   AND jsonb_typeof(param_schema) = 'object';
