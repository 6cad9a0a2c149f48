-- What came to a webhook and what became of it: senders ask "did it arrive", and only the log of the host could say.

CREATE SEQUENCE webhook_delivery_id_seq;

CREATE TABLE webhook_delivery
(
    id            bigint           NOT NULL DEFAULT nextval('webhook_delivery_id_seq'),
    received      timestamptz      NOT NULL,
    trigger       bigint           NOT NULL,
    trigger_ref   text             NOT NULL,
    outcome       text             NOT NULL,
    status        integer          NOT NULL,
    reason        text,
    method        text             NOT NULL,
    content_type  text,
    delivery      text,
    source_ip     text,
    size          bigint,
    duration_ms   double precision NOT NULL,
    event         bigint,
    event_created timestamptz,
    events        integer          NOT NULL,
    body          bytea,
    body_is_whole boolean          NOT NULL,
    said          jsonb,
    accepted      timestamptz,
    CONSTRAINT webhook_delivery_outcome CHECK (outcome IN ('taken', 'repeated', 'refused'))
);

-- Rows are kept for a fortnight, so nothing is compressed.
ALTER TABLE time_table ALTER COLUMN compress_after DROP NOT NULL;

-- What partition_by_time does on TimescaleDB would compress in any case.
DO $$
BEGIN
    IF time_engine() = 'timescale' THEN
        PERFORM create_hypertable('webhook_delivery'::regclass, by_range('received'::name, INTERVAL '1 day'), create_default_indexes => false);
        INSERT INTO time_table (table_name, time_column, width, segment_by, order_by, compress_after, keep)
        VALUES ('webhook_delivery', 'received', INTERVAL '1 day', 'trigger_ref', 'received DESC, id DESC', NULL, INTERVAL '14 days');
        IF time_community() THEN
            PERFORM add_retention_policy('webhook_delivery'::regclass, INTERVAL '14 days');
        END IF;
    ELSE
        CALL partition_by_time('webhook_delivery', 'received', INTERVAL '1 day', 'trigger_ref', 'received DESC, id DESC', NULL, INTERVAL '14 days');
    END IF;
END
$$;

ALTER TABLE webhook_delivery ADD CONSTRAINT webhook_delivery_pkey PRIMARY KEY (id, received);

CREATE INDEX webhook_delivery_received_idx ON webhook_delivery (received DESC, id DESC);
COMMENT ON INDEX webhook_delivery_received_idx IS 'The deliveries to all webhooks, newest first.';

CREATE INDEX webhook_delivery_trigger_ref_idx ON webhook_delivery (trigger_ref, received DESC, id DESC);
COMMENT ON INDEX webhook_delivery_trigger_ref_idx IS 'The list of the deliveries to one trigger''s webhook.';

CREATE INDEX webhook_delivery_outcome_idx ON webhook_delivery (trigger_ref, outcome, received DESC, id DESC) WHERE outcome <> 'taken';
COMMENT ON INDEX webhook_delivery_outcome_idx IS 'The list of what a webhook refused, or was sent again; few deliveries are.';

COMMENT ON TABLE webhook_delivery IS 'What was posted to a webhook, and what became of it.';
COMMENT ON COLUMN webhook_delivery.reason IS 'Why it was refused.';
COMMENT ON COLUMN webhook_delivery.size IS 'Bytes of the body as it came; null where it was not read and its length was not said.';
COMMENT ON COLUMN webhook_delivery.events IS 'How many events it brought: a batch brings several, and event is the first.';
COMMENT ON COLUMN webhook_delivery.body IS 'The first bytes of the body as it came; of what was refused as many as are kept.';
COMMENT ON COLUMN webhook_delivery.said IS 'What was said outside the body of what was refused, without secrets: with it, and a whole body, it can be taken in later.';
COMMENT ON COLUMN webhook_delivery.accepted IS 'When what was refused became an event after all.';

CALL maintain_time_table('webhook_delivery');
