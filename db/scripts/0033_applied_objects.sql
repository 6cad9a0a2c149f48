-- What apply has made of files, or found as the files say it: only that may it delete again when the files no longer have it. What was
-- made over HTTP or by a program stays, whatever the files say.

CREATE TABLE applied_object
(
    kind    text        NOT NULL,
    object  bigint      NOT NULL,
    applied timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT applied_object_pkey PRIMARY KEY (kind, object),
    CONSTRAINT applied_object_kind_known CHECK (kind IN ('trigger', 'rule', 'action'))
);

COMMENT ON TABLE applied_object IS 'The triggers, rules and actions that files have said, by their ids, which are never given again.';
