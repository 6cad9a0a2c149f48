-- The maintenance of one table on TimescaleDB: its own retention policy drops expired chunks. The Apache-2 edition has no policies;
-- there the host drops them by calling maintain_time_table (Maintenance/TimeTables.cs).

CREATE OR REPLACE PROCEDURE maintain_time_table(wanted text) LANGUAGE plpgsql AS
$$
DECLARE
    kept time_table%ROWTYPE;
BEGIN
    SELECT * INTO STRICT kept FROM time_table WHERE table_name = wanted;

    IF NOT time_community() THEN
        PERFORM drop_chunks(wanted::regclass, older_than => kept.keep);
    END IF;
END
$$;
