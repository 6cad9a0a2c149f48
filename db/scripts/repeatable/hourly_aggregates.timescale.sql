-- How an hourly view is made on TimescaleDB: a real-time continuous aggregate, and beside it the rows of hours flagged as late. The
-- Apache-2 edition has no aggregates and takes rollups. An aggregate that is there is never made again; only the plain view over it is.

-- Makes the view of a new row of hourly_view, with its aggregate and the policies of that.
CREATE OR REPLACE PROCEDURE create_hourly_view(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    counted         hourly_view%ROWTYPE;
    status_selected text;
BEGIN
    IF NOT time_community() THEN
        CALL create_rollup_view(wanted);
        RETURN;
    END IF;

    UPDATE hourly_view SET materialised = 'aggregate', watermark = 'infinity' WHERE view_name = wanted RETURNING * INTO STRICT counted;
    status_selected := CASE WHEN counted.status_value IS NULL THEN '' ELSE counted.status_value || ' AS new_status,' END;

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

    CALL create_aggregate_view(wanted);
END
$$;

-- The continuous aggregates that have flagged hours to be refreshed. Hours above two hours ago refresh by themselves.
CREATE OR REPLACE FUNCTION hours_to_refresh() RETURNS TABLE (aggregate text, bucket timestamptz, flag bigint) LANGUAGE sql STABLE AS
$$
    SELECT view_name || '_aggregate', late.bucket, late.id
      FROM hourly_late AS late
      JOIN hourly_view ON hourly_view.table_name = late.table_name
     WHERE hourly_view.materialised = 'aggregate'
       AND late.bucket < hour_floor(now() - INTERVAL '2 hours')
     ORDER BY late.bucket
$$;
