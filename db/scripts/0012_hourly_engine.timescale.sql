-- On TimescaleDB an hourly view is a real-time continuous aggregate, and beside it the rows of hours flagged as late: an
-- aggregate alone would not show them until its next refresh. The Apache-2 edition has no aggregates and takes rollups.

CREATE PROCEDURE create_hourly_view(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    counted         hourly_view%ROWTYPE;
    status_column   text;
    status_selected text;
BEGIN
    IF NOT time_community() THEN
        CALL create_rollup_view(wanted);
        RETURN;
    END IF;

    UPDATE hourly_view SET materialised = 'aggregate', watermark = 'infinity' WHERE view_name = wanted RETURNING * INTO STRICT counted;
    status_selected := CASE WHEN counted.status_value IS NULL THEN '' ELSE counted.status_value || ' AS new_status,' END;
    status_column := CASE WHEN counted.status_value IS NULL THEN '' ELSE 'new_status,' END;

    EXECUTE format($aggregate$
        CREATE MATERIALIZED VIEW %1$I WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
        SELECT time_bucket(INTERVAL '1 hour', %2$I) AS bucket, %3$s AS %4$I, %5$s count(*) AS %6$I
          FROM %7$I
         WHERE %8$s
         GROUP BY %9$s
          WITH NO DATA
        $aggregate$,
        wanted || '_aggregate', counted.time_column, counted.ref_column, counted.ref_name, status_selected, counted.count_name,
        counted.table_name, coalesce(counted.counted_when, 'true'), CASE WHEN counted.status_value IS NULL THEN '1, 2' ELSE '1, 2, 3' END);
    PERFORM add_continuous_aggregate_policy((wanted || '_aggregate')::regclass,
        start_offset => NULL, end_offset => INTERVAL '2 hours', schedule_interval => INTERVAL '30 minutes');
    PERFORM add_retention_policy((wanted || '_aggregate')::regclass,
        (SELECT keep FROM time_table WHERE time_table.table_name = counted.table_name));

    -- Hours of chunks that retention has dropped go with their rows.
    EXECUTE format($view$
        CREATE VIEW %1$I AS
        SELECT bucket, %2$I, %3$s %4$I
          FROM %6$I
         WHERE bucket >= (SELECT coalesce(min(range_start), '-infinity') FROM time_ranges(%5$L))
           AND bucket <> ALL (ARRAY(SELECT hourly_late.bucket FROM hourly_late WHERE hourly_late.table_name = %5$L))
         UNION ALL
        SELECT bucket, ref AS %2$I, %7$s row_count AS %4$I
          FROM hourly_uncounted(%1$L)
        $view$,
        wanted, counted.ref_name, status_column, counted.count_name, counted.table_name, wanted || '_aggregate',
        CASE WHEN counted.status_value IS NULL THEN '' ELSE 'status AS new_status,' END);
END
$$;

-- The continuous aggregates that have flagged hours to be refreshed. Hours above two hours ago refresh by themselves.
CREATE FUNCTION hours_to_refresh() RETURNS TABLE (aggregate text, bucket timestamptz, flag bigint) LANGUAGE sql STABLE AS
$$
    SELECT view_name || '_aggregate', late.bucket, late.id
      FROM hourly_late AS late
      JOIN hourly_view ON hourly_view.table_name = late.table_name
     WHERE hourly_view.materialised = 'aggregate'
       AND late.bucket < hour_floor(now() - INTERVAL '2 hours')
     ORDER BY late.bucket
$$;
