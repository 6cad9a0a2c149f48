-- The five hourly views, as their readers see them; what each counts stands in hourly_view. They are made anew at the end.

-- Over kept counts: those below the watermark that no flag makes doubtful, and what is not counted yet. One hour may have both.
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

-- Over a continuous aggregate, which would not show late rows until its next refresh: hours that no flag makes doubtful, and the
-- flagged ones counted from the rows. Hours of chunks that retention has dropped go with their rows.
CREATE OR REPLACE PROCEDURE create_aggregate_view(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    counted hourly_view%ROWTYPE;
BEGIN
    SELECT * INTO STRICT counted FROM hourly_view WHERE view_name = wanted;

    EXECUTE format($view$
        CREATE OR REPLACE VIEW %1$I AS
        SELECT bucket, %2$I, %3$s %4$I
          FROM %6$I
         WHERE bucket >= (SELECT coalesce(min(range_start), '-infinity') FROM time_ranges(%5$L))
           AND bucket <> ALL (ARRAY(SELECT hourly_late.bucket FROM hourly_late WHERE hourly_late.table_name = %5$L))
         UNION ALL
        SELECT bucket, ref AS %2$I, %7$s row_count AS %4$I
          FROM hourly_uncounted(%1$L)
        $view$,
        wanted, counted.ref_name, CASE WHEN counted.status_value IS NULL THEN '' ELSE 'new_status,' END, counted.count_name,
        counted.table_name, wanted || '_aggregate', CASE WHEN counted.status_value IS NULL THEN '' ELSE 'status AS new_status,' END);
END
$$;

DO
$$
DECLARE
    counted record;
BEGIN
    FOR counted IN SELECT view_name, materialised FROM hourly_view ORDER BY view_name
    LOOP
        IF counted.materialised = 'aggregate' THEN
            CALL create_aggregate_view(counted.view_name);
        ELSE
            CALL create_rollup_view(counted.view_name);
        END IF;
    END LOOP;
END
$$;
