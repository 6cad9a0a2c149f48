-- A job can be ended before it has done everything. Being aborted is final, as being completed is; what it did stays.

ALTER TABLE job DROP CONSTRAINT job_state_known;
ALTER TABLE job DROP CONSTRAINT job_completed_has_ended;
ALTER TABLE job ADD CONSTRAINT job_state_known CHECK (state IN ('draft', 'running', 'stopped', 'completed', 'aborted'));
ALTER TABLE job ADD CONSTRAINT job_final_has_ended CHECK ((state IN ('completed', 'aborted')) = (ended_at IS NOT NULL));

COMMENT ON COLUMN job.done IS 'Counted when it is completed; in every other state the items say it, and so it is with failed.';
