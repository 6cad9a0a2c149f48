-- The five hourly views. Hours are UTC. The first entry of an execution's history counts as throughput, not as a transition.

INSERT INTO hourly_view (view_name, table_name, time_column, ref_column, ref_name, status_value, counted_when, count_name, watermark, materialised)
VALUES ('event_volume_hourly', 'event', 'created', 'trigger_ref', 'trigger_ref', NULL, NULL, 'event_count', hour_floor(now() - INTERVAL '1 hour'), 'rollup'),
       ('enforcement_volume_hourly', 'enforcement', 'created', 'rule_ref', 'rule_ref', NULL, NULL, 'enforcement_count', hour_floor(now() - INTERVAL '1 hour'), 'rollup'),
       ('execution_throughput_hourly', 'execution_history', 'time', 'entity_ref', 'action_ref', NULL, 'operation = ''INSERT''', 'execution_count', hour_floor(now() - INTERVAL '1 hour'), 'rollup'),
       ('execution_status_hourly', 'execution_history', 'time', 'entity_ref', 'action_ref', 'new_values ->> ''status''', '''status'' = ANY (changed_fields)', 'transition_count', hour_floor(now() - INTERVAL '1 hour'), 'rollup'),
       ('worker_status_hourly', 'worker_history', 'time', 'entity_ref', 'worker_name', 'new_values ->> ''status''', '''status'' = ANY (changed_fields)', 'transition_count', hour_floor(now() - INTERVAL '1 hour'), 'rollup');

CALL create_hourly_view('event_volume_hourly');
CALL create_hourly_view('enforcement_volume_hourly');
CALL create_hourly_view('execution_throughput_hourly');
CALL create_hourly_view('execution_status_hourly');
CALL create_hourly_view('worker_status_hourly');
