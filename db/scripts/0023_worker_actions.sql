-- What a worker says of itself may be large, and a list shows of it only which actions it runs: they get a column of their own.

ALTER TABLE worker ADD COLUMN actions jsonb
GENERATED ALWAYS AS (CASE jsonb_typeof(capabilities -> 'actions') WHEN 'array' THEN capabilities -> 'actions' END) STORED;

COMMENT ON COLUMN worker.actions IS 'The references of the actions that it runs, from its capabilities.';
COMMENT ON TABLE worker IS 'Runs executions. One that is silent for too long (Workers:LostAfter) is inactive, and what was leased to it is requeued.';
COMMENT ON INDEX execution_worker_idx IS 'The executions that are leased to a worker.';
COMMENT ON COLUMN execution.lost_count IS 'How often the worker was lost that it was leased to.';
