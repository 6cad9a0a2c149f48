-- Which ids each closed chunk holds: a hint, by which a bare id is looked for in one chunk and not in ninety.

-- Closed: an hour past its end. A hint that is wrong costs a full look-up, never an answer.
CREATE OR REPLACE PROCEDURE note_id_ranges() LANGUAGE plpgsql AS
$$
DECLARE
    closed record;
    lowest bigint;
    highest bigint;
BEGIN
    FOR closed IN
        SELECT kept.table_name, kept.time_column, there.range_start, there.range_end
          FROM time_table AS kept
         CROSS JOIN LATERAL time_ranges(kept.table_name) AS there
         WHERE kept.table_name IN ('event', 'enforcement', 'execution')
           AND there.range_end < now() - INTERVAL '1 hour'
           AND NOT EXISTS (SELECT FROM id_range
                            WHERE id_range.table_name = kept.table_name AND id_range.range_start = there.range_start)
    LOOP
        EXECUTE format('SELECT min(id), max(id) FROM %I WHERE %I >= $1 AND %I < $2',
                       closed.table_name, closed.time_column, closed.time_column)
           INTO lowest, highest
          USING closed.range_start, closed.range_end;
        INSERT INTO id_range (table_name, range_start, range_end, min_id, max_id)
        VALUES (closed.table_name, closed.range_start, closed.range_end, lowest, highest)
            ON CONFLICT DO NOTHING;
    END LOOP;

    DELETE FROM id_range
     USING time_table AS kept
     WHERE kept.table_name = id_range.table_name
       AND id_range.range_end <= now() - kept.keep - kept.width;
END
$$;
