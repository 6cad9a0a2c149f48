-- Two more actions, core.emit_event and core.email. And core.http_request says all that it takes, and that it takes nothing else, so
-- that a rule with a mistake in a name is refused when it is saved. Its time-out and the check of certificates have two names each, so
-- neither can have its default filled in.

INSERT INTO action (ref, pack, pack_ref, label, description, param_schema, timeout_seconds)
SELECT 'core.emit_event', id, ref, 'Emit event', 'Writes an event of a trigger, for other rules to match.',
       '{
          "trigger_ref": {"type": "string", "description": "The trigger that the event is of.", "required": true},
          "payload": {"type": "any", "description": "The payload of the event."},
          "key": {"type": "string", "description": "Within 24 hours, the same key is the same event. Left out, each execution writes one event, however often it is attempted."},
          "additionalProperties": false
        }'::jsonb, 60
  FROM pack
 WHERE ref = 'core'
    ON CONFLICT DO NOTHING;

INSERT INTO action (ref, pack, pack_ref, label, description, param_schema, timeout_seconds)
SELECT 'core.email', id, ref, 'Email', 'Sends a mail by the server that the settings name.',
       '{
          "to": {"type": "any", "description": "An address such as Ada <ada@example.org>, several with commas, or a list.", "required": true},
          "cc": {"type": "any", "description": "As to."},
          "bcc": {"type": "any", "description": "As to; nobody sees them."},
          "reply_to": {"type": "any", "description": "As to: whom answers go to."},
          "subject": {"type": "string", "description": "One line; line breaks become spaces.", "default": ""},
          "text": {"type": "string", "description": "The mail as plain text."},
          "html": {"type": "string", "description": "The mail as HTML; with text beside it, the reader shows one of them."},
          "headers": {"type": "object", "description": "Names and values of further headers."},
          "additionalProperties": false
        }'::jsonb, 660
  FROM pack
 WHERE ref = 'core'
    ON CONFLICT DO NOTHING;

UPDATE action
   SET param_schema = coalesce(param_schema, '{}') || '{
          "query_params": {"type": "object", "description": "Names and values that are added to the query of the address, encoded; a list names one several times."},
          "body": {"type": "any", "description": "A text goes as it is; an object as the form that the header Content-Type names, else as JSON; anything else as JSON."},
          "json_body": {"type": "any", "description": "A body that goes as JSON, a text too."},
          "form": {"type": "object", "description": "A body that goes as application/x-www-form-urlencoded."},
          "multipart": {"type": "object", "description": "A body that goes as multipart/form-data; a value may be a file: {filename, content_type, content or content_base64}."},
          "auth_type": {"type": "string", "description": "Makes the header Authorization.", "enum": ["none", "basic", "bearer"]},
          "auth_username": {"type": "string", "description": "For basic."},
          "auth_password": {"type": "string", "description": "For basic.", "secret": true},
          "auth_token": {"type": "string", "description": "For bearer.", "secret": true},
          "timeout_seconds": {"type": "number", "description": "For each try; 30, if it is left out.", "minimum": 0.1, "maximum": 300},
          "timeout": {"type": "number", "description": "Another name of timeout_seconds.", "minimum": 0.1, "maximum": 300},
          "follow_redirects": {"type": "boolean", "description": "False answers with the redirect itself.", "default": true},
          "verify_tls": {"type": "boolean", "description": "False takes any certificate; the host must allow it. True, if it is left out."},
          "verify_ssl": {"type": "boolean", "description": "Another name of verify_tls."},
          "additionalProperties": false
        }'::jsonb
 WHERE ref = 'core.http_request'
   AND (param_schema IS NULL OR jsonb_typeof(param_schema) = 'object');
