-- What both engines ask of tables kept by time.

-- Where the time axis is divided: widths count from a Monday, so that weekly chunks begin on Mondays.
CREATE OR REPLACE FUNCTION time_floor(width interval, at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
$$
    SELECT date_bin(width, at, TIMESTAMPTZ '2000-01-03 00:00:00+00')
$$;

-- Rows that move into their partition, or leave with an expired one, have not changed: triggers that note changes ask this first.
CREATE OR REPLACE FUNCTION rows_are_moving() RETURNS boolean LANGUAGE sql STABLE AS
$$
    SELECT coalesce(current_setting('attune.moving', true), '') = 'on'
$$;
