-- How far an action says that its execution is. It may change every second, so the history does not tell of it.

ALTER TABLE execution ADD COLUMN progress jsonb;

COMMENT ON COLUMN execution.progress IS 'What the action last said of how far it is; of the run that goes on, or of the last one.';
