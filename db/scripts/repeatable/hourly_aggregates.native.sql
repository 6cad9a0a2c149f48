-- How an hourly view is made on stock PostgreSQL: each is a rollup, whose counts Attune keeps. The twin publishes the same names for
-- TimescaleDB.

-- Makes the view of a new row of hourly_view.
CREATE OR REPLACE PROCEDURE create_hourly_view(wanted text) LANGUAGE plpgsql AS
$$
BEGIN
    CALL create_rollup_view(wanted);
END
$$;

-- The continuous aggregates that have flagged hours to be refreshed: none here.
CREATE OR REPLACE FUNCTION hours_to_refresh() RETURNS TABLE (aggregate text, bucket timestamptz, flag bigint) LANGUAGE sql STABLE AS
$$
    SELECT NULL::text, NULL::timestamptz, NULL::bigint WHERE false
$$;
