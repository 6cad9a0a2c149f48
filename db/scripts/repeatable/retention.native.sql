-- The maintenance of one table on stock PostgreSQL: drop_expired drops partitions that are past what time_table keeps, and the coming
-- ones are made. A host calls maintain_time_table for each table every quarter of an hour (Maintenance/TimeTables.cs).

-- Drops, whole, the partitions in which every row is too old to be kept, with the hours they had in the views.
CREATE OR REPLACE PROCEDURE drop_expired(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    kept    time_table%ROWTYPE;
    expired record;
BEGIN
    SELECT * INTO STRICT kept FROM time_table WHERE table_name = wanted;

    FOR expired IN SELECT chunk, range_start, range_end FROM time_ranges(wanted) WHERE range_end <= now() - kept.keep
    LOOP
        EXECUTE format('DROP TABLE %I', expired.chunk);
        DELETE FROM hourly_count
         USING hourly_view
         WHERE hourly_view.view_name = hourly_count.view_name
           AND hourly_view.table_name = wanted
           AND hourly_count.bucket >= expired.range_start
           AND hourly_count.bucket < expired.range_end;
    END LOOP;

    -- What came in older than any partition never gets one.
    PERFORM set_config('attune.moving', 'on', true);
    EXECUTE format('DELETE FROM %I WHERE %I < $1', wanted || '_default', kept.time_column)
      USING time_floor(kept.width, now() - kept.keep);
    PERFORM set_config('attune.moving', 'off', true);
    DELETE FROM hourly_count
     USING hourly_view
     WHERE hourly_view.view_name = hourly_count.view_name
       AND hourly_view.table_name = wanted
       AND hourly_count.bucket < time_floor(kept.width, now() - kept.keep);
END
$$;

-- Drops what has expired, and makes partitions for a fortnight ahead (three widths where that is more).
CREATE OR REPLACE PROCEDURE maintain_time_table(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    kept   time_table%ROWTYPE;
    oldest timestamptz;
BEGIN
    SELECT * INTO STRICT kept FROM time_table WHERE table_name = wanted;

    CALL drop_expired(wanted);

    -- Days whose rows only the default partition has: the database was switched off, or older rows were brought in. A row of
    -- another century stays there: one absurd date must not stop the maintenance.
    FOR oldest IN EXECUTE format('SELECT DISTINCT time_floor($1, %I) FROM %I WHERE %I < $2 ORDER BY 1',
                                 kept.time_column, wanted || '_default', kept.time_column)
      USING kept.width, now() + INTERVAL '1 year'
    LOOP
        CALL ensure_partitions(wanted, oldest, oldest);
    END LOOP;

    CALL ensure_partitions(wanted, now() - kept.width, now() + greatest(INTERVAL '14 days', 3 * kept.width));
END
$$;
