-- Sending again: an event that is sent again is a new one, and an execution that is run again is a new one; each names the row that it
-- comes from. A chosen few rules may be asked, and then the event says which.

ALTER TABLE event ADD COLUMN replay_of bigint;
ALTER TABLE event ADD COLUMN only_rules text[];
ALTER TABLE execution ADD COLUMN rerun_of bigint;

COMMENT ON COLUMN event.replay_of IS 'The event that it was sent again from; that one may be expired.';
COMMENT ON COLUMN event.only_rules IS 'The references of the rules that alone were asked; null when every rule of the trigger was.';
COMMENT ON COLUMN execution.rerun_of IS 'The execution that it was run again from, which stays what it was; it is no attempt of that one.';

CREATE INDEX event_replay_of_idx ON event (replay_of, created DESC, id DESC) WHERE replay_of IS NOT NULL;
COMMENT ON INDEX event_replay_of_idx IS 'The events that were sent again from one.';

CREATE INDEX execution_rerun_of_idx ON execution (rerun_of, created DESC, id DESC) WHERE rerun_of IS NOT NULL;
COMMENT ON INDEX execution_rerun_of_idx IS 'The executions that were run again from one.';
