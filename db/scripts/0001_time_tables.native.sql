-- The words in which every later script speaks of tables kept by time, on stock PostgreSQL: range partitions, one default
-- partition that takes whatever has no other place, and Attune's own retention and hourly rollups.
-- The twin publishes the same names for TimescaleDB.

CREATE FUNCTION time_engine() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'native' $$;

COMMENT ON FUNCTION time_engine() IS 'The engine that this database was made for.';

CREATE TABLE time_table
(
    table_name     text     NOT NULL,
    time_column    text     NOT NULL,
    width          interval NOT NULL,
    segment_by     text     NOT NULL,
    order_by       text     NOT NULL,
    compress_after interval NOT NULL,
    keep           interval NOT NULL,
    CONSTRAINT time_table_pkey PRIMARY KEY (table_name)
);

COMMENT ON TABLE time_table IS 'Tables kept by time: how wide a chunk is, and how long rows are kept.';

-- Where the time axis is cut: widths count from a Monday, so that weekly chunks begin on Mondays.
CREATE FUNCTION time_floor(width interval, at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$$
    SELECT date_bin(width, at, TIMESTAMPTZ '2000-01-03 00:00:00+00')
$$;

CREATE FUNCTION partition_name(table_name text, range_start timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS
$$
    SELECT table_name || '_p' || to_char(range_start AT TIME ZONE 'UTC', 'YYYYMMDD')
$$;

-- The partitions of a table but the default one, with the range of time that each holds.
CREATE FUNCTION time_ranges(wanted text) RETURNS TABLE (chunk text, range_start timestamptz, range_end timestamptz)
LANGUAGE sql STABLE SET search_path = attune, public AS
$$
    SELECT partition.relname::text,
           (regexp_match(bound.text, 'FROM \(''([^'']+)''\)'))[1]::timestamptz,
           (regexp_match(bound.text, 'TO \(''([^'']+)''\)'))[1]::timestamptz
      FROM pg_inherits
      JOIN pg_class AS partition ON partition.oid = pg_inherits.inhrelid
     CROSS JOIN LATERAL (SELECT pg_get_expr(partition.relpartbound, partition.oid) AS text) AS bound
     WHERE pg_inherits.inhparent = to_regclass(wanted)
       AND bound.text <> 'DEFAULT'
     ORDER BY 2
$$;

-- Makes the partitions that are missing between two instants. Rows that the default partition took meanwhile move into
-- theirs: row triggers are told by attune.moving that this is no change.
CREATE PROCEDURE ensure_partitions(wanted text, since timestamptz, until timestamptz) LANGUAGE plpgsql AS
$$
DECLARE
    kept        time_table%ROWTYPE;
    range_start timestamptz;
    range_end   timestamptz;
    partition   text;
BEGIN
    SELECT * INTO STRICT kept FROM time_table WHERE table_name = wanted;

    FOR range_start IN
        SELECT slot
          FROM generate_series(time_floor(kept.width, since), time_floor(kept.width, until), kept.width) AS slot
         WHERE NOT EXISTS (SELECT FROM time_ranges(wanted) AS there WHERE there.range_start = slot)
         ORDER BY slot
    LOOP
        range_end := range_start + kept.width;
        partition := partition_name(wanted, range_start);

        -- Made apart and then attached: inserts into the other partitions go on meanwhile.
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION)',
                       partition, wanted);
        EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', wanted || '_default');
        PERFORM set_config('attune.moving', 'on', true);
        EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= $1 AND %I < $2 RETURNING *) INSERT INTO %I SELECT * FROM moved',
                       wanted || '_default', kept.time_column, kept.time_column, partition)
          USING range_start, range_end;
        PERFORM set_config('attune.moving', 'off', true);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       wanted, partition, range_start, range_end);
    END LOOP;
END
$$;

-- Turns an empty table into one kept by time. Keys and indexes are added afterwards, so that their names are the same
-- on both engines.
CREATE PROCEDURE partition_by_time(wanted text, time_column text, width interval, segment_by text, order_by text,
                                   compress_after interval, keep interval) LANGUAGE plpgsql AS
$$
BEGIN
    EXECUTE format('ALTER TABLE %I RENAME TO %I', wanted, wanted || '_template');
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) PARTITION BY RANGE (%I)', wanted, wanted || '_template', time_column);
    EXECUTE format('DROP TABLE %I', wanted || '_template');
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', wanted || '_default', wanted);

    INSERT INTO time_table (table_name, time_column, width, segment_by, order_by, compress_after, keep)
    VALUES (wanted, time_column, width, segment_by, order_by, compress_after, keep);
END
$$;

-- Takes away, whole, the partitions whose newest possible row is past its keep, with the hours they had in the views.
CREATE PROCEDURE drop_expired(wanted text) LANGUAGE plpgsql AS
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

-- One table's housekeeping: partitions a fortnight ahead (three widths where that is more), expired ones gone.
CREATE PROCEDURE maintain_time_table(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    kept   time_table%ROWTYPE;
    oldest timestamptz;
BEGIN
    SELECT * INTO STRICT kept FROM time_table WHERE table_name = wanted;

    CALL drop_expired(wanted);

    -- Days that only the default partition knows: the database was switched off, or older rows were brought in. A row of
    -- another century stays there: one absurd date must not stop the keeping.
    FOR oldest IN EXECUTE format('SELECT DISTINCT time_floor($1, %I) FROM %I WHERE %I < $2 ORDER BY 1',
                                 kept.time_column, wanted || '_default', kept.time_column)
      USING kept.width, now() + INTERVAL '1 year'
    LOOP
        CALL ensure_partitions(wanted, oldest, oldest);
    END LOOP;

    CALL ensure_partitions(wanted, now() - kept.width, now() + greatest(INTERVAL '14 days', 3 * kept.width));
END
$$;
