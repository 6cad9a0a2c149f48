-- What an action says while it runs, line by line: some hundred lines of an execution at most. Progress alone says where it is, and not
-- how it came there.

CREATE TABLE execution_log
(
    execution bigint      NOT NULL,
    created   timestamptz NOT NULL,
    number    integer     NOT NULL,
    at        timestamptz NOT NULL,
    level     text        NOT NULL,
    text      text        NOT NULL,
    CONSTRAINT execution_log_level_known CHECK (level IN ('info', 'warning', 'error'))
);

-- What partition_by_time does on TimescaleDB would compress in any case; few lines are written, and those are short.
DO $$
BEGIN
    IF time_engine() = 'timescale' THEN
        PERFORM create_hypertable('execution_log'::regclass, by_range('created'::name, INTERVAL '1 day'), create_default_indexes => false);
        INSERT INTO time_table (table_name, time_column, width, segment_by, order_by, compress_after, keep)
        VALUES ('execution_log', 'created', INTERVAL '1 day', 'execution', 'created DESC, execution DESC, number DESC', NULL, INTERVAL '90 days');
        IF time_community() THEN
            PERFORM add_retention_policy('execution_log'::regclass, INTERVAL '90 days');
        END IF;
    ELSE
        CALL partition_by_time(
            'execution_log', 'created', INTERVAL '1 day', 'execution', 'created DESC, execution DESC, number DESC', NULL, INTERVAL '90 days');
    END IF;
END
$$;

ALTER TABLE execution_log ADD CONSTRAINT execution_log_pkey PRIMARY KEY (execution, created, number);

COMMENT ON TABLE execution_log IS 'What actions said while they ran.';
COMMENT ON COLUMN execution_log.created IS 'When the execution was created, so that its lines are dropped with it.';
COMMENT ON COLUMN execution_log.number IS 'The place of the line, from 1; it goes on when the execution is run again by another worker.';

CALL maintain_time_table('execution_log');
