-- On stock PostgreSQL every hourly view is a rollup that Attune keeps.

CREATE PROCEDURE create_hourly_view(wanted text) LANGUAGE plpgsql AS
$$
BEGIN
    CALL create_rollup_view(wanted);
END
$$;

-- The continuous aggregates that have flagged hours to be refreshed: none here.
CREATE FUNCTION hours_to_refresh() RETURNS TABLE (aggregate text, bucket timestamptz, flag bigint) LANGUAGE sql STABLE AS
$$
    SELECT NULL::text, NULL::timestamptz, NULL::bigint WHERE false
$$;
