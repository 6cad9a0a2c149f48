-- The pack that every installation begins with: two triggers, the actions of the built-in worker, and one rule on a slow
-- timer, so that a newcomer sees real events come in. All of it can be changed or deleted, and does not come back.

INSERT INTO pack (ref, label, description, version)
VALUES ('core', 'Core', 'Triggers and actions that come with Attune.', '1.0.0');

INSERT INTO trigger (ref, pack, pack_ref, label, description, param_schema, webhook_enabled, webhook_key)
SELECT 'core.webhook', id, ref, 'Webhook', 'Something was posted to this trigger''s webhook address.', NULL::jsonb, true,
       'wh_' || replace(gen_random_uuid()::text, '-', '')
  FROM pack
 WHERE ref = 'core';

INSERT INTO trigger (ref, pack, pack_ref, label, description, param_schema)
SELECT 'core.interval', id, ref, 'Interval', 'A rule''s timer ticked.',
       '{"seconds": {"type": "integer", "description": "Seconds between two ticks, counted from the Unix epoch.", "required": true, "minimum": 1}}'::jsonb
  FROM pack
 WHERE ref = 'core';

INSERT INTO action (ref, pack, pack_ref, label, description, param_schema, timeout_seconds)
SELECT 'core.echo', id, ref, 'Echo', 'Answers with its parameters.',
       '{"message": {"type": "any", "description": "What to answer with."}}'::jsonb, 60
  FROM pack
 WHERE ref = 'core';

INSERT INTO action (ref, pack, pack_ref, label, description, param_schema, timeout_seconds)
SELECT 'core.noop', id, ref, 'No operation', 'Does nothing, successfully.', '{}'::jsonb, 60
  FROM pack
 WHERE ref = 'core';

INSERT INTO rule (ref, pack, pack_ref, label, description, trigger, trigger_ref, trigger_params, action, action_ref, action_params, enabled)
SELECT 'core.heartbeat', pack.id, pack.ref, 'Heartbeat', 'Every half minute: shows that events come in, rules match and actions run.',
       trigger.id, trigger.ref, '{"seconds": 30}', action.id, action.ref,
       '{"message": "Still here at {{ event.created }}", "tick": "{{ event.payload.tick }}"}', true
  FROM pack
  JOIN trigger ON trigger.ref = 'core.interval'
  JOIN action ON action.ref = 'core.echo'
 WHERE pack.ref = 'core';
