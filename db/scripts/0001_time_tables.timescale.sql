-- The words in which every later script speaks of tables kept by time, on TimescaleDB: hypertables, its compression and
-- its retention. The Apache-2 edition has neither of the last two; there Attune drops expired chunks itself.
-- The twin publishes the same names for stock PostgreSQL.

CREATE EXTENSION IF NOT EXISTS timescaledb SCHEMA public;

CREATE FUNCTION time_engine() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'timescale' $$;

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

CREATE FUNCTION time_floor(width interval, at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$$
    SELECT date_bin(width, at, TIMESTAMPTZ '2000-01-03 00:00:00+00')
$$;

-- Compression, policies and continuous aggregates come with the community licence only.
CREATE FUNCTION time_community() RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT current_setting('timescaledb.license') = 'timescale'
$$;

-- The chunks of a table, with the range of time that each holds.
CREATE FUNCTION time_ranges(wanted text) RETURNS TABLE (chunk text, range_start timestamptz, range_end timestamptz)
LANGUAGE sql STABLE SET search_path = attune, public AS
$$
    SELECT chunk_name::text, range_start, range_end
      FROM timescaledb_information.chunks
     WHERE hypertable_name = wanted
       AND hypertable_schema = current_schema()
     ORDER BY 2
$$;

-- Chunks come by themselves; the procedure is there so that callers need not know the engine.
CREATE PROCEDURE ensure_partitions(wanted text, since timestamptz, until timestamptz) LANGUAGE plpgsql AS
$$
BEGIN
    RETURN;
END
$$;

CREATE PROCEDURE partition_by_time(wanted text, time_column text, width interval, segment_by text, order_by text,
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

CREATE PROCEDURE maintain_time_table(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    kept time_table%ROWTYPE;
BEGIN
    SELECT * INTO STRICT kept FROM time_table WHERE table_name = wanted;

    IF NOT time_community() THEN
        PERFORM drop_chunks(wanted::regclass, older_than => kept.keep);
    END IF;
END
$$;
