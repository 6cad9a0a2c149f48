-- Hourly counts that are right up to now, whatever comes late: below a watermark they are counted once and kept, above it
-- the rows themselves are counted, and so is an hour below it in which a late row came or an old one went.

CREATE TABLE hourly_view
(
    view_name    text        NOT NULL,
    table_name   text        NOT NULL,
    time_column  text        NOT NULL,
    ref_column   text        NOT NULL,
    ref_name     text        NOT NULL,
    status_value text,
    counted_when text,
    count_name   text        NOT NULL,
    watermark    timestamptz NOT NULL,
    materialised text        NOT NULL,
    CONSTRAINT hourly_view_pkey PRIMARY KEY (view_name)
);

COMMENT ON TABLE hourly_view IS 'What each hourly view counts, and up to when its counts are kept.';
COMMENT ON COLUMN hourly_view.materialised IS 'rollup: kept in hourly_count; aggregate: kept by a continuous aggregate of this engine.';

CREATE TABLE hourly_count
(
    view_name text        NOT NULL,
    bucket    timestamptz NOT NULL,
    ref       text        NOT NULL,
    status    text        NOT NULL,
    row_count bigint      NOT NULL,
    CONSTRAINT hourly_count_pkey PRIMARY KEY (view_name, bucket, ref, status)
);

COMMENT ON TABLE hourly_count IS 'Rows an hour, for the hours below the watermark.';

CREATE TABLE hourly_late
(
    id         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    table_name text        NOT NULL,
    bucket     timestamptz NOT NULL,
    CONSTRAINT hourly_late_pkey PRIMARY KEY (id)
);

CREATE INDEX hourly_late_bucket_idx ON hourly_late (table_name, bucket);
COMMENT ON INDEX hourly_late_bucket_idx IS 'Whether an hour has to be counted anew: asked for each hour a view shows.';

COMMENT ON TABLE hourly_late IS 'Hours in which a row came late or went. Append-only until counted anew: two transactions may flag the same hour.';

CREATE FUNCTION hour_floor(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$
    SELECT date_bin('1 hour', at, TIMESTAMPTZ '2000-01-01 00:00:00+00')
$$;

-- Called for rows older than an hour only: the watermark is never younger than that. A transaction that brings in many
-- rows of an hour flags it once.
CREATE FUNCTION flag_late_hour() RETURNS trigger LANGUAGE plpgsql AS
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

CREATE TRIGGER event_came_late AFTER INSERT ON event FOR EACH ROW
  WHEN (NEW.created < now() - INTERVAL '1 hour') EXECUTE FUNCTION flag_late_hour('event', 'created');
CREATE TRIGGER event_went AFTER DELETE ON event FOR EACH ROW
  WHEN (OLD.created < now() - INTERVAL '1 hour') EXECUTE FUNCTION flag_late_hour('event', 'created');
CREATE TRIGGER enforcement_came_late AFTER INSERT ON enforcement FOR EACH ROW
  WHEN (NEW.created < now() - INTERVAL '1 hour') EXECUTE FUNCTION flag_late_hour('enforcement', 'created');
CREATE TRIGGER enforcement_went AFTER DELETE ON enforcement FOR EACH ROW
  WHEN (OLD.created < now() - INTERVAL '1 hour') EXECUTE FUNCTION flag_late_hour('enforcement', 'created');
CREATE TRIGGER execution_history_came_late AFTER INSERT ON execution_history FOR EACH ROW
  WHEN (NEW.time < now() - INTERVAL '1 hour') EXECUTE FUNCTION flag_late_hour('execution_history', 'time');
CREATE TRIGGER execution_history_went AFTER DELETE ON execution_history FOR EACH ROW
  WHEN (OLD.time < now() - INTERVAL '1 hour') EXECUTE FUNCTION flag_late_hour('execution_history', 'time');
CREATE TRIGGER worker_history_came_late AFTER INSERT ON worker_history FOR EACH ROW
  WHEN (NEW.time < now() - INTERVAL '1 hour') EXECUTE FUNCTION flag_late_hour('worker_history', 'time');
CREATE TRIGGER worker_history_went AFTER DELETE ON worker_history FOR EACH ROW
  WHEN (OLD.time < now() - INTERVAL '1 hour') EXECUTE FUNCTION flag_late_hour('worker_history', 'time');

-- Hours as the ranges that they make up, so that a month brought in late is one range to read and not seven hundred.
CREATE FUNCTION hour_ranges(hours timestamptz[]) RETURNS TABLE (since timestamptz, until timestamptz) LANGUAGE sql IMMUTABLE AS
$$
    SELECT min(hour), max(hour) + INTERVAL '1 hour'
      FROM (SELECT hour, hour - row_number() OVER (ORDER BY hour) * INTERVAL '1 hour' AS island
              FROM (SELECT DISTINCT unnest(hours) AS hour) AS known) AS placed
     GROUP BY island
     ORDER BY 1
$$;

-- The statement that counts the rows of a view in a half-open range. The bounds are written out, not passed, so that the
-- planner looks at the chunks of the range only.
CREATE FUNCTION hourly_count_query(counted hourly_view, since timestamptz, until timestamptz) RETURNS text LANGUAGE sql STABLE AS
$$
    SELECT format('SELECT hour_floor(%1$I), coalesce(%2$s, ''''), coalesce(%3$s, ''''), count(*) FROM %4$I WHERE %1$I >= %5$L AND %1$I < %6$L AND %7$s GROUP BY 1, 2, 3',
                  counted.time_column, counted.ref_column, coalesce(counted.status_value, ''''''), counted.table_name,
                  since, until, coalesce(counted.counted_when, 'true'))
$$;

-- What the kept counts do not tell: the rows above the watermark, and the hours flagged as late. Stable, so that it sees
-- the rows that its query sees.
CREATE FUNCTION hourly_uncounted(wanted text) RETURNS TABLE (bucket timestamptz, ref text, status text, row_count bigint)
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
        SELECT since, until
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
CREATE PROCEDURE count_hours(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    counted hourly_view%ROWTYPE;
    settled timestamptz;
    hours   timestamptz[];
    stretch record;
BEGIN
    SELECT * INTO STRICT counted FROM hourly_view WHERE view_name = wanted FOR UPDATE;

    -- A transaction that began before the watermark may still write rows above it unflagged.
    settled := hour_floor(least(now(), (SELECT min(xact_start) FROM pg_stat_activity
                                         WHERE datname = current_database() AND pid <> pg_backend_pid())) - INTERVAL '1 hour');
    settled := greatest(settled, counted.watermark);

    -- Flags are read before the rows: a row seen is then at worst counted anew, never missed.
    hours := ARRAY(SELECT bucket FROM hourly_late WHERE table_name = counted.table_name AND bucket < settled)
             || ARRAY(SELECT generate_series(counted.watermark, settled - INTERVAL '1 hour', INTERVAL '1 hour'));

    FOR stretch IN SELECT since, until FROM hour_ranges(hours)
    LOOP
        DELETE FROM hourly_count WHERE view_name = wanted AND bucket >= stretch.since AND bucket < stretch.until;
        EXECUTE format('INSERT INTO hourly_count (view_name, bucket, ref, status, row_count) SELECT %L, counted.* FROM (%s) AS counted',
                       wanted, hourly_count_query(counted, stretch.since, stretch.until));
    END LOOP;

    UPDATE hourly_view SET watermark = settled WHERE view_name = wanted;
END
$$;

-- Brings the kept counts up to date. A flag serves every view of its table, so it goes when all have counted.
CREATE PROCEDURE count_all_hours() LANGUAGE plpgsql AS
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

-- A view over hourly_count: the kept hours that no flag makes doubtful, and what is not counted yet.
CREATE PROCEDURE create_rollup_view(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    counted       hourly_view%ROWTYPE;
    status_column text;
BEGIN
    SELECT * INTO STRICT counted FROM hourly_view WHERE view_name = wanted;
    status_column := CASE WHEN counted.status_value IS NULL THEN '' ELSE 'status AS new_status,' END;

    EXECUTE format($view$
        CREATE VIEW %1$I AS
        SELECT bucket, ref AS %2$I, %3$s row_count AS %4$I
          FROM hourly_count
         WHERE view_name = %1$L
           AND bucket < (SELECT watermark FROM hourly_view WHERE view_name = %1$L)
           AND bucket <> ALL (ARRAY(SELECT hourly_late.bucket FROM hourly_late WHERE hourly_late.table_name = %5$L))
         UNION ALL
        SELECT bucket, ref AS %2$I, %3$s row_count AS %4$I
          FROM hourly_uncounted(%1$L)
        $view$,
        wanted, counted.ref_name, status_column, counted.count_name, counted.table_name);
END
$$;
