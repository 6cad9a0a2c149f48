-- Functions and views are scripts of their own from here on (db/scripts/repeatable), which run again when their text has changed:
-- what each of them was like when it last ran stands here.

CREATE TABLE repeatable_script
(
    script_name text        NOT NULL,
    sha256      text        NOT NULL,
    applied     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT repeatable_script_pkey PRIMARY KEY (script_name)
);

COMMENT ON TABLE repeatable_script IS 'The scripts that run again when their text has changed, each with the digest of the text that ran last.';
