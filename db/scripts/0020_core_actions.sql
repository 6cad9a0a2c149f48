-- Two more actions that every host can run by itself: waiting, and an HTTP request.

INSERT INTO action (ref, pack, pack_ref, label, description, param_schema, timeout_seconds)
SELECT 'core.sleep', id, ref, 'Sleep', 'Waits, then completes.',
       '{"seconds": {"type": "number", "description": "How long to wait.", "required": true, "minimum": 0, "maximum": 3600}}'::jsonb, 3660
  FROM pack
 WHERE ref = 'core'
    ON CONFLICT DO NOTHING;

INSERT INTO action (ref, pack, pack_ref, label, description, param_schema, timeout_seconds)
SELECT 'core.http_request', id, ref, 'HTTP request', 'Sends a request and answers with the status, the headers and the body of the response.',
       '{
          "url": {"type": "string", "description": "Where to, http or https.", "required": true},
          "method": {"type": "string", "enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], "default": "GET"},
          "headers": {"type": "object", "description": "Names and values of headers."},
          "body": {"type": "any", "description": "A text goes as it is; anything else goes as JSON."},
          "timeout_seconds": {"type": "number", "description": "For each try.", "minimum": 0.1, "maximum": 300, "default": 30},
          "retries": {"type": "integer", "description": "Further tries after no response, or 408, 429, 500, 502, 503 and 504.", "minimum": 0, "maximum": 10, "default": 0},
          "retry_delay_seconds": {"type": "number", "description": "Before the second try; doubled for each one after it.", "minimum": 0, "maximum": 60, "default": 1},
          "max_response_bytes": {"type": "integer", "description": "A longer response fails.", "minimum": 0, "default": 1048576},
          "max_redirects": {"type": "integer", "description": "0 to follow none, and answer with the redirect itself.", "minimum": 0, "maximum": 20, "default": 5},
          "verify_tls": {"type": "boolean", "description": "False takes any certificate; the host must allow it.", "default": true},
          "fail_on_status": {"type": "boolean", "description": "Whether a status of 400 or more fails the execution.", "default": true}
        }'::jsonb, 900
  FROM pack
 WHERE ref = 'core'
    ON CONFLICT DO NOTHING;
