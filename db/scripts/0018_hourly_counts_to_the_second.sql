-- The hourly counts settled by whole hours, so that a view had to count the rows of the last hour or two each time it was
-- read. They settle by the second now: of the hour that the watermark is in, the rows below it are kept as a count.

-- Up to when no transaction that is still open may write a row without flagging its hour. Who cannot see when others'
-- transactions began takes it that none lasts for an hour.
CREATE FUNCTION settled_until() RETURNS timestamptz LANGUAGE sql VOLATILE SET search_path = attune, public AS
$$
    SELECT date_bin('1 second',
                    least(now(), min(xact_start))
                        - CASE WHEN bool_or(query = '<insufficient privilege>') THEN INTERVAL '1 hour' ELSE INTERVAL '10 seconds' END,
                    TIMESTAMPTZ '2000-01-01 00:00:00+00')
      FROM pg_stat_activity
     WHERE datname = current_database()
       AND pid <> pg_backend_pid()
       AND backend_type <> 'autovacuum worker'
$$;

-- A row flags its hour when it is older than what settled_until() leaves open.
DO
$$
DECLARE
    kept record;
BEGIN
    FOR kept IN SELECT table_name, column_name
                  FROM (VALUES ('event', 'created'), ('enforcement', 'created'), ('execution_history', 'time'),
                               ('worker_history', 'time')) AS counted (table_name, column_name)
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %I', kept.table_name || '_came_late', kept.table_name);
        EXECUTE format('DROP TRIGGER %I ON %I', kept.table_name || '_went', kept.table_name);
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I FOR EACH ROW WHEN (NEW.%I < now() - INTERVAL ''10 seconds'') EXECUTE FUNCTION flag_late_hour(%L, %L)',
                       kept.table_name || '_came_late', kept.table_name, kept.column_name, kept.table_name, kept.column_name);
        EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %I FOR EACH ROW WHEN (OLD.%I < now() - INTERVAL ''10 seconds'') EXECUTE FUNCTION flag_late_hour(%L, %L)',
                       kept.table_name || '_went', kept.table_name, kept.column_name, kept.table_name, kept.column_name);
    END LOOP;
END
$$;

-- As before, but a flagged hour that the watermark is in is counted to the watermark here: the rest is above it.
CREATE OR REPLACE FUNCTION hourly_uncounted(wanted text) RETURNS TABLE (bucket timestamptz, ref text, status text, row_count bigint)
LANGUAGE plpgsql STABLE ROWS 100 SET search_path = attune, public AS
$$
DECLARE
    counted hourly_view%ROWTYPE;
    late    record;
BEGIN
    SELECT * INTO STRICT counted FROM hourly_view WHERE view_name = wanted;

    IF isfinite(counted.watermark) THEN
        RETURN QUERY EXECUTE hourly_count_query(counted, counted.watermark, 'infinity');
    END IF;

    FOR late IN
        SELECT since, least(until, counted.watermark) AS until
          FROM hour_ranges(ARRAY(SELECT hourly_late.bucket
                                   FROM hourly_late
                                  WHERE hourly_late.table_name = counted.table_name
                                    AND hourly_late.bucket < counted.watermark))
    LOOP
        RETURN QUERY EXECUTE hourly_count_query(counted, late.since, late.until);
    END LOOP;
END
$$;

-- Counts what has settled since the last time, and anew the hours flagged as late.
CREATE OR REPLACE PROCEDURE count_hours(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    counted hourly_view%ROWTYPE;
    settled timestamptz;
    late    timestamptz[];
    stretch record;
BEGIN
    SELECT * INTO STRICT counted FROM hourly_view WHERE view_name = wanted FOR UPDATE;
    settled := greatest(settled_until(), counted.watermark);

    -- Flags are read before the rows: a row seen is then at worst counted anew, never missed.
    late := ARRAY(SELECT DISTINCT bucket FROM hourly_late WHERE table_name = counted.table_name AND bucket < settled);
    DELETE FROM hourly_count WHERE view_name = wanted AND bucket = ANY (late);

    FOR stretch IN
        SELECT since, least(until, settled) AS until, '{}'::timestamptz[] AS counted_already FROM hour_ranges(late)
         UNION ALL
        SELECT counted.watermark, settled, late WHERE counted.watermark < settled
    LOOP
        EXECUTE format('INSERT INTO hourly_count (view_name, bucket, ref, status, row_count)
                        SELECT %L, counted.* FROM (%s) AS counted (bucket, ref, status, row_count) WHERE bucket <> ALL ($1)
                            ON CONFLICT ON CONSTRAINT hourly_count_pkey DO UPDATE SET row_count = hourly_count.row_count + excluded.row_count',
                       wanted, hourly_count_query(counted, stretch.since, stretch.until))
          USING stretch.counted_already;
    END LOOP;

    UPDATE hourly_view SET watermark = settled WHERE view_name = wanted;
END
$$;

-- As before, but an hour may have a kept count and rows above the watermark: the view adds them up.
CREATE OR REPLACE PROCEDURE create_rollup_view(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    counted       hourly_view%ROWTYPE;
    status_column text;
BEGIN
    SELECT * INTO STRICT counted FROM hourly_view WHERE view_name = wanted;
    status_column := CASE WHEN counted.status_value IS NULL THEN '' ELSE 'status AS new_status,' END;

    EXECUTE format($view$
        CREATE OR REPLACE VIEW %1$I AS
        SELECT bucket, ref AS %2$I, %3$s sum(row_count)::bigint AS %4$I
          FROM (SELECT bucket, ref, status, row_count
                  FROM hourly_count
                 WHERE view_name = %1$L
                   AND bucket < (SELECT watermark FROM hourly_view WHERE view_name = %1$L)
                   AND bucket <> ALL (ARRAY(SELECT hourly_late.bucket FROM hourly_late WHERE hourly_late.table_name = %5$L))
                 UNION ALL
                SELECT bucket, ref, status, row_count
                  FROM hourly_uncounted(%1$L)) AS counted
         GROUP BY bucket, ref, status
        $view$,
        wanted, counted.ref_name, status_column, counted.count_name, counted.table_name);
END
$$;

DO
$$
DECLARE
    wanted text;
BEGIN
    FOR wanted IN SELECT view_name FROM hourly_view WHERE materialised = 'rollup' ORDER BY view_name
    LOOP
        CALL create_rollup_view(wanted);
    END LOOP;
END
$$;
