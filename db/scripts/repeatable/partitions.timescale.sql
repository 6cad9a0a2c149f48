-- How a table is kept by time on TimescaleDB: hypertables, whose chunks the extension makes by itself, with its compression and its
-- retention policies. The twin publishes the same names for stock PostgreSQL.

-- Compression, policies and continuous aggregates come with the community licence only.
CREATE OR REPLACE FUNCTION time_community() RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT current_setting('timescaledb.license') = 'timescale'
$$;

-- The chunks of a table, with the range of time that each holds.
CREATE OR REPLACE FUNCTION time_ranges(wanted text) RETURNS TABLE (chunk text, range_start timestamptz, range_end timestamptz)
LANGUAGE sql STABLE SET search_path = attune, public AS
$$
    SELECT chunk_name::text, range_start, range_end
      FROM timescaledb_information.chunks
     WHERE hypertable_name = wanted
       AND hypertable_schema = current_schema()
     ORDER BY 2
$$;

-- Nothing to do: TimescaleDB makes a chunk when its first row comes.
CREATE OR REPLACE PROCEDURE ensure_partitions(wanted text, since timestamptz, until timestamptz) LANGUAGE plpgsql AS
$$
BEGIN
    RETURN;
END
$$;

-- Turns an empty table into one kept by time.
CREATE OR REPLACE PROCEDURE partition_by_time(wanted text, time_column text, width interval, segment_by text, order_by text,
                                              compress_after interval, keep interval) LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM create_hypertable(wanted::regclass, by_range(time_column::name, width), create_default_indexes => false);

    INSERT INTO time_table (table_name, time_column, width, segment_by, order_by, compress_after, keep)
    VALUES (wanted, time_column, width, segment_by, order_by, compress_after, keep);

    IF time_community() THEN
        EXECUTE format('ALTER TABLE %I SET (timescaledb.compress, timescaledb.compress_segmentby = %L, timescaledb.compress_orderby = %L)',
                       wanted, segment_by, order_by);
        PERFORM add_compression_policy(wanted::regclass, compress_after);
        PERFORM add_retention_policy(wanted::regclass, keep);
    END IF;
END
$$;
