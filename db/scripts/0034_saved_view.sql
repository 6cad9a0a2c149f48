-- Lists that somebody wants to see again, by a name. Without an owner a view is everybody's; until there are accounts an owner is a
-- browser, by a random text that it made up.

CREATE TABLE saved_view
(
    id      bigint GENERATED ALWAYS AS IDENTITY,
    name    text        NOT NULL,
    page    text        NOT NULL,
    query   text        NOT NULL,
    owner   text,
    place   integer     NOT NULL DEFAULT 0,
    created timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT saved_view_pkey PRIMARY KEY (id),
    CONSTRAINT saved_view_page_known CHECK (page IN ('events', 'enforcements', 'executions'))
);

-- The views of one owner, and those that are shared, in their order.
CREATE INDEX saved_view_owner_idx ON saved_view (owner, place, id);

COMMENT ON INDEX saved_view_owner_idx IS 'The views of a reader, and those that are shared, in their order.';
COMMENT ON TABLE saved_view IS 'Filters and searches of lists, saved by name, of one owner or shared.';
COMMENT ON COLUMN saved_view.query IS 'What stands behind the question mark of the address of the list.';
COMMENT ON COLUMN saved_view.owner IS 'Whose it is; null for one that is shared.';
