-- A key says that an event is the same as an earlier one; whether it really is, only what it says can tell. Keys that were claimed
-- before have no digest: their events are looked at instead.

ALTER TABLE event_key ADD COLUMN digest bytea;

COMMENT ON COLUMN event_key.digest IS 'SHA-256 of what the event says: the same key with another digest is another event.';
