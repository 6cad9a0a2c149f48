-- How a table is kept by time on stock PostgreSQL: range partitions, made ahead of time by ensure_partitions, and one default
-- partition that takes whatever has no other place. The twin publishes the same names for TimescaleDB.

CREATE OR REPLACE FUNCTION partition_name(table_name text, range_start timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS
$$
    SELECT table_name || '_p' || to_char(range_start AT TIME ZONE 'UTC', 'YYYYMMDD')
$$;

-- The partitions of a table but the default one, with the range of time that each holds.
CREATE OR REPLACE FUNCTION time_ranges(wanted text) RETURNS TABLE (chunk text, range_start timestamptz, range_end timestamptz)
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
CREATE OR REPLACE PROCEDURE ensure_partitions(wanted text, since timestamptz, until timestamptz) LANGUAGE plpgsql AS
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
CREATE OR REPLACE PROCEDURE partition_by_time(wanted text, time_column text, width interval, segment_by text, order_by text,
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
