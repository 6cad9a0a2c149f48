-- What holds for single rows whoever writes them: what may not change is refused, and what changed says when. The triggers that call
-- these stand with their tables, in the numbered scripts.

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    RAISE EXCEPTION '% rows cannot be changed this way', TG_ARGV[0]
          USING ERRCODE = 'restrict_violation', HINT = TG_ARGV[1];
END
$$;

CREATE OR REPLACE FUNCTION touch_updated() RETURNS trigger LANGUAGE plpgsql AS
$$
BEGIN
    NEW.updated := clock_timestamp();
    RETURN NEW;
END
$$;
