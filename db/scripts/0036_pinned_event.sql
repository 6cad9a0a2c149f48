-- Events that somebody keeps beyond retention. Partitions are dropped whole, so a pin holds a copy: the event with all that came of it
-- and why, as one document. It is an ordinary table, and nothing prunes it.

CREATE TABLE pinned_event
(
    event         bigint      NOT NULL,
    event_created timestamptz NOT NULL,
    trigger_ref   text        NOT NULL,
    note          text,
    bundle        json        NOT NULL,
    bytes         integer     NOT NULL,
    is_complete   boolean     NOT NULL,
    pinned_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    copied_at     timestamptz NOT NULL,
    next_copy_at  timestamptz,
    problem       text,
    CONSTRAINT pinned_event_pkey PRIMARY KEY (event),
    CONSTRAINT pinned_event_note_is_short CHECK (length(note) <= 500)
);

CREATE INDEX pinned_event_pinned_at_idx ON pinned_event (pinned_at DESC, event DESC);
COMMENT ON INDEX pinned_event_pinned_at_idx IS 'The list of pinned events, newest pin first.';

CREATE INDEX pinned_event_next_copy_idx ON pinned_event (next_copy_at) WHERE next_copy_at IS NOT NULL;
COMMENT ON INDEX pinned_event_next_copy_idx IS 'Pinned events of which a copy is to be taken again.';

COMMENT ON TABLE pinned_event IS 'Events kept beyond retention, each with a copy of all that came of it.';
COMMENT ON COLUMN pinned_event.bundle IS 'The copy, with its keys in the order in which they were written; secrets are masked in it.';
COMMENT ON COLUMN pinned_event.bytes IS 'The length of the copy in bytes of UTF-8.';
COMMENT ON COLUMN pinned_event.is_complete IS 'Whether all that came of the event was over when it was copied.';
COMMENT ON COLUMN pinned_event.copied_at IS 'When copying began: what changed since may be missing.';
COMMENT ON COLUMN pinned_event.next_copy_at IS 'When it is copied again; null for never.';
COMMENT ON COLUMN pinned_event.problem IS 'Why it could not be copied again, the last time.';
