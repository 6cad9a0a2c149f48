-- Who speaks of a lease, or for a worker, shows a secret: a claim that was made of when the lease began could be read and guessed, and
-- whoever registered under the name of another worker ended its leases.

ALTER TABLE execution ADD COLUMN claim text;
ALTER TABLE worker ADD COLUMN token_hash bytea;

COMMENT ON COLUMN execution.claim IS 'The secret of the lease to a remote worker, which sends it with its answer. In no answer but that to its claim, no history, no message.';
COMMENT ON COLUMN worker.token_hash IS 'SHA-256 of the secret by which the worker registers under its name again while it lives.';

-- Leases that are out keep the claim that was given with them: microseconds since the year 1.
UPDATE execution
   SET claim = ((extract(epoch FROM started_at) * 1000000)::bigint + 62135596800000000)::text
 WHERE status IN ('scheduled', 'running', 'canceling')
   AND started_at IS NOT NULL
   AND worker IN (SELECT id FROM worker WHERE worker_type <> 'local')
   AND created >= now() - INTERVAL '6 days';
