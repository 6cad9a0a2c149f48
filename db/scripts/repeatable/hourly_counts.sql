-- Hourly counts that are right up to now, whatever comes late: below a watermark they are counted once and kept, above it
-- the rows themselves are counted, and so is an hour below it in which a late row came or an old one went.

CREATE OR REPLACE FUNCTION hour_floor(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT date_bin('1 hour', at, TIMESTAMPTZ '2000-01-01 00:00:00+00')
$$;

-- Up to when no transaction that is still open may write a row without flagging its hour. Who cannot see when others'
-- transactions began takes it that none lasts for an hour.
CREATE OR REPLACE FUNCTION settled_until() RETURNS timestamptz LANGUAGE sql VOLATILE SET search_path = attune, public AS
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

-- Called for rows older than ten seconds only, which is what settled_until() leaves open. A transaction that brings in many
-- rows of an hour flags it once.
CREATE OR REPLACE FUNCTION flag_late_hour() RETURNS trigger LANGUAGE plpgsql AS
$$
DECLARE
    at   timestamptz := (to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END) ->> TG_ARGV[1])::timestamptz;
    flag text;
BEGIN
    IF attune.rows_are_moving() THEN
        RETURN NULL;
    END IF;

    flag := txid_current() || TG_ARGV[0] || attune.hour_floor(at);
    IF coalesce(current_setting('attune.late_hour', true), '') <> flag THEN
        PERFORM set_config('attune.late_hour', flag, true);
        INSERT INTO attune.hourly_late (table_name, bucket) VALUES (TG_ARGV[0], attune.hour_floor(at));
    END IF;

    RETURN NULL;
END
$$;

-- Hours as the ranges that they make up, so that a month brought in late is one range to read and not seven hundred.
CREATE OR REPLACE FUNCTION hour_ranges(hours timestamptz[]) RETURNS TABLE (since timestamptz, until timestamptz) LANGUAGE sql IMMUTABLE AS
$$
    SELECT min(hour), max(hour) + INTERVAL '1 hour'
      FROM (SELECT hour, hour - row_number() OVER (ORDER BY hour) * INTERVAL '1 hour' AS island
              FROM (SELECT DISTINCT unnest(hours) AS hour) AS known) AS placed
     GROUP BY island
     ORDER BY 1
$$;

-- The statement that counts the rows of a view in a half-open range. The bounds are written out, not passed, so that the
-- planner looks at the chunks of the range only.
CREATE OR REPLACE FUNCTION hourly_count_query(counted hourly_view, since timestamptz, until timestamptz) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT format('SELECT hour_floor(%1$I), coalesce(%2$s, ''''), coalesce(%3$s, ''''), count(*)
                     FROM %4$I
                    WHERE %1$I >= %5$L AND %1$I < %6$L AND %7$s
                    GROUP BY 1, 2, 3',
                  counted.time_column, counted.ref_column, coalesce(counted.status_value, ''''''), counted.table_name,
                  since, until, coalesce(counted.counted_when, 'true'))
$$;

-- What the kept counts do not tell: the rows above the watermark, and the hours flagged as late, of which the last one only to the
-- watermark: the rest of it is above. Stable, so that it sees the rows that its query sees.
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
    part    record;
BEGIN
    SELECT * INTO STRICT counted FROM hourly_view WHERE view_name = wanted FOR UPDATE;
    settled := greatest(settled_until(), counted.watermark);

    -- Flags are read before the rows: a row seen is then at worst counted anew, never missed.
    late := ARRAY(SELECT DISTINCT bucket FROM hourly_late WHERE table_name = counted.table_name AND bucket < settled);
    DELETE FROM hourly_count WHERE view_name = wanted AND bucket = ANY (late);

    FOR part IN
        SELECT since, least(until, settled) AS until, '{}'::timestamptz[] AS counted_already FROM hour_ranges(late)
         UNION ALL
        SELECT counted.watermark, settled, late WHERE counted.watermark < settled
    LOOP
        EXECUTE format('INSERT INTO hourly_count (view_name, bucket, ref, status, row_count)
                        SELECT %L, counted.* FROM (%s) AS counted (bucket, ref, status, row_count) WHERE bucket <> ALL ($1)
                            ON CONFLICT ON CONSTRAINT hourly_count_pkey
                            DO UPDATE SET row_count = hourly_count.row_count + excluded.row_count',
                       wanted, hourly_count_query(counted, part.since, part.until))
          USING part.counted_already;
    END LOOP;

    UPDATE hourly_view SET watermark = settled WHERE view_name = wanted;
END
$$;

-- Brings the kept counts up to date. A flag serves every view of its table, so it goes when all have counted.
CREATE OR REPLACE PROCEDURE count_all_hours() LANGUAGE plpgsql AS
$$
DECLARE
    flags   bigint[] := ARRAY(SELECT id FROM hourly_late
                               WHERE table_name IN (SELECT table_name FROM hourly_view WHERE materialised = 'rollup'));
    counted text;
BEGIN
    FOR counted IN SELECT view_name FROM hourly_view WHERE materialised = 'rollup' ORDER BY view_name
    LOOP
        CALL count_hours(counted);
    END LOOP;

    DELETE FROM hourly_late AS late
     WHERE late.id = ANY (flags)
       AND late.bucket < (SELECT min(watermark) FROM hourly_view WHERE hourly_view.table_name = late.table_name);
END
$$;
