-- What is not finished yet is asked of all of time, and has few rows: with an index of its own it is one walk, not one a
-- status. The queue, which asks for the requested ones oldest first, walks the same index from its other end.

CREATE INDEX execution_unfinished_idx ON execution (created DESC, id DESC)
 WHERE status IN ('requested', 'scheduling', 'scheduled', 'running', 'canceling');

COMMENT ON INDEX execution_unfinished_idx IS
    'The list of executions that are not finished, newest first; the queue of requested ones, oldest first.';

DROP INDEX execution_requested_idx;
