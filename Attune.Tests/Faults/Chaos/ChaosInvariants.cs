namespace Attune.Tests.Faults.Chaos;

/// <summary>
/// The invariants of the design, each as a query for the rows that break it. Every query may use the promises: <c>@numbers</c> and
/// <c>@ids</c>, and what the remote worker was told is completed: <c>@results</c> and <c>@executions</c>.
/// </summary>
internal static class ChaosInvariants
{
    private const string Final = "('completed', 'failed', 'cancelled', 'timeout', 'abandoned')";

    public static IReadOnlyList<(string Name, string Sql)> All { get; } =
    [
        ("1: an accepted event is there, as it was sent", """
            SELECT promised.id
              FROM unnest(@ids, @numbers) AS promised (id, number)
             WHERE NOT EXISTS (SELECT
                                 FROM event
                                WHERE event.id = promised.id
                                  AND event.trigger_ref = 'chaos.push'
                                  AND event.payload = jsonb_build_object('number', promised.number, 'level', promised.number % 10,
                                                                         'odd', promised.number % 2 = 1,
                                                                         'text', '{{ event.id }} ' || promised.number))
            """),
        ("2: one enforcement for each event and rule", """
            SELECT event AS id FROM enforcement GROUP BY event, rule HAVING count(*) > 1
            """),
        ("2: every event has the enforcements of the rules that were always there", """
            SELECT event.id
              FROM event
             WHERE trigger_ref = 'chaos.push'
               AND ARRAY(SELECT enforcement.rule_ref
                           FROM enforcement
                          WHERE enforcement.event = event.id
                            AND enforcement.rule_ref NOT IN ('chaos.edited', 'chaos.switched')
                          ORDER BY enforcement.rule_ref)
                   <> ARRAY(SELECT rule_ref
                              FROM (VALUES ('chaos.every', true), ('chaos.odd', (payload ->> 'odd')::boolean),
                                           ('chaos.slow', (payload ->> 'level')::integer = 7),
                                           ('chaos.remote', (payload ->> 'level')::integer = 3)) AS expected (rule_ref, matches)
                             WHERE matches
                             ORDER BY rule_ref)
            """),
        ("2: an enforcement says what its event and its rule's version say", """
            SELECT enforcement.id
              FROM enforcement
              LEFT JOIN event ON event.id = enforcement.event AND event.created = enforcement.created
              LEFT JOIN rule_version ON rule_version.rule = enforcement.rule AND rule_version.version = enforcement.rule_version
             WHERE event.id IS NULL
                OR enforcement.payload <> event.payload
                OR rule_version.conditions IS DISTINCT FROM enforcement.conditions
                OR rule_version.trigger_ref IS DISTINCT FROM event.trigger_ref
                OR (enforcement.rule_ref = 'chaos.edited'
                    AND (event.payload ->> 'level')::integer >= (rule_version.conditions #>> '{0,value}')::integer)
                OR (enforcement.rule_ref = 'chaos.every'
                    AND enforcement.config <> jsonb_build_object('message', event.payload -> 'text', 'number', event.payload -> 'number'))
            """),
        // Rows near a change may have been written on either side of it; a host may have stood still for as long.
        ("2: the rule that was edited matched by the version that held", """
            WITH held AS (
                SELECT version, (conditions #>> '{0,value}')::integer AS bound, created + INTERVAL '3 seconds' AS since,
                       coalesce(lead(created) OVER (ORDER BY version) - INTERVAL '3 seconds', 'infinity') AS until
                  FROM rule_version
                 WHERE rule_ref = 'chaos.edited'
            )
            SELECT event.id
              FROM event
              JOIN held ON event.created >= held.since AND event.created < held.until
             WHERE event.trigger_ref = 'chaos.push'
               AND ((event.payload ->> 'level')::integer < held.bound)
                   <> EXISTS (SELECT
                                FROM enforcement
                               WHERE enforcement.event = event.id
                                 AND enforcement.rule_ref = 'chaos.edited'
                                 AND enforcement.rule_version = held.version)
            """),
        ("2: the rule that was switched matched while it was on", """
            WITH held AS (
                SELECT state, at + INTERVAL '3 seconds' AS since,
                       coalesce(lead(at) OVER (ORDER BY rule_switch.id) - INTERVAL '3 seconds', 'infinity') AS until
                  FROM rule_switch
                  JOIN rule ON rule.id = rule_switch.rule
                 WHERE rule.ref = 'chaos.switched'
            )
            SELECT event.id
              FROM event
              JOIN held ON event.created >= held.since AND event.created < held.until
             WHERE event.trigger_ref = 'chaos.push'
               AND (held.state = 'enabled')
                   <> EXISTS (SELECT FROM enforcement WHERE enforcement.event = event.id AND enforcement.rule_ref = 'chaos.switched')
            """),
        ("3: an enforcement is resolved once, status and time together", """
            SELECT enforcement.id
              FROM enforcement
             WHERE status = 'created'
                OR resolved_at IS NULL
                OR resolved_at < created
                OR ARRAY(SELECT was || ' ' || is_now FROM public.witness_enforcement AS seen WHERE seen.enforcement = enforcement.id)
                   <> ARRAY['created ' || status]
            """),
        ("3: only a rule that was switched, deleted or without its trigger leads to disabled", """
            SELECT id
              FROM enforcement
             WHERE status = 'disabled'
               AND rule_ref NOT IN ('chaos.switched', 'chaos.ticking')
               AND rule_ref NOT LIKE 'chaos.brief%'
            """),
        ("4: processed means exactly one top-level execution, disabled none", """
            SELECT enforcement.id
              FROM enforcement
             WHERE (SELECT count(*)
                      FROM execution
                     WHERE execution.enforcement = enforcement.id
                       AND execution.parent IS NULL
                       AND execution.original_execution IS NULL
                       AND execution.rerun_of IS NULL)
                   <> CASE status WHEN 'processed' THEN 1 ELSE 0 END
            """),
        ("4: every execution has its enforcement", """
            SELECT execution.id
              FROM execution
             WHERE NOT EXISTS (SELECT
                                 FROM enforcement
                                WHERE enforcement.id = execution.enforcement
                                  AND enforcement.rule_ref = execution.rule_ref
                                  AND (execution.action_ref = 'chaos.remote' OR enforcement.config = execution.config))
            """),
        ("6: what is deleted is still named by the rows that came of it", """
            SELECT id FROM event WHERE trigger IS NULL
            UNION ALL
            SELECT id FROM enforcement WHERE rule IS NULL
            UNION ALL
            SELECT event.id
              FROM event
             WHERE trigger_ref LIKE 'chaos.brief%'
               AND 1 <> (SELECT count(*) FROM enforcement WHERE enforcement.event = event.id AND enforcement.rule_ref = event.trigger_ref)
            """),
        ("7: one key, one event", """
            SELECT min(id) AS id
              FROM event
             WHERE trigger_ref LIKE 'chaos.%'
             GROUP BY trigger_ref, payload
            HAVING count(*) > 1
            """),
        ("8: the history of an execution has each of its changes once, in order", $"""
            SELECT execution.id
              FROM execution
             WHERE (SELECT count(*) FROM execution_history WHERE entity_id = execution.id)
                   <> (SELECT count(*) FROM public.witness_execution AS seen WHERE seen.execution = execution.id)
                OR (SELECT new_values ->> 'status'
                      FROM execution_history
                     WHERE entity_id = execution.id
                       AND (operation = 'INSERT' OR 'status' = ANY(changed_fields))
                     ORDER BY sequence DESC
                     LIMIT 1) <> execution.status::text
            UNION ALL
            SELECT entity_id
              FROM (SELECT entity_id, operation, old_values ->> 'status' AS was,
                           lag(new_values ->> 'status') OVER changes AS before,
                           row_number() OVER changes AS place,
                           row_number() OVER (PARTITION BY entity_id ORDER BY time, sequence) AS place_in_time
                      FROM execution_history
                     WHERE operation = 'INSERT'
                        OR 'status' = ANY(changed_fields)
                    WINDOW changes AS (PARTITION BY entity_id ORDER BY sequence)) AS chain
             WHERE was IS DISTINCT FROM before
                OR (operation = 'INSERT') <> (place = 1)
                OR place <> place_in_time
                OR was IN {Final}
            """),
        ("8: the history of a worker has each of its changes once, in order", """
            SELECT worker.id
              FROM worker
             WHERE (SELECT count(*) FROM worker_history WHERE entity_id = worker.id)
                   <> (SELECT count(*) FROM public.witness_worker AS seen WHERE seen.worker = worker.id)
            UNION ALL
            SELECT entity_id
              FROM (SELECT entity_id, old_values ->> 'status' AS was, lag(new_values ->> 'status') OVER changes AS before
                      FROM worker_history
                     WHERE operation = 'INSERT'
                        OR 'status' = ANY(changed_fields)
                    WINDOW changes AS (PARTITION BY entity_id ORDER BY sequence)) AS chain
             WHERE was IS DISTINCT FROM before
            """),
        ("an attempt that failed is followed by one more, as often as the action says", """
            SELECT failed.id
              FROM execution AS failed
             WHERE failed.action_ref = 'chaos.remote'
               AND CASE WHEN failed.status IN ('failed', 'timeout') AND failed.retry_count < failed.max_retries THEN 1 ELSE 0 END
                   <> (SELECT count(*)
                         FROM execution AS next
                        WHERE next.original_execution = coalesce(failed.original_execution, failed.id)
                          AND next.retry_count = failed.retry_count + 1)
            """),
        ("what a remote worker was told is completed is completed, with its result", """
            SELECT told.id
              FROM unnest(@executions, @results) AS told (id, number)
             WHERE NOT EXISTS (SELECT
                                 FROM execution
                                WHERE execution.id = told.id
                                  AND execution.status = 'completed'
                                  AND execution.result -> 'data' -> 'number' = to_jsonb(told.number))
            """),
        ("a timer fires every tick once", """
            SELECT id
              FROM (SELECT id, (payload ->> 'tick')::timestamptz AS tick,
                           lag((payload ->> 'tick')::timestamptz) OVER (ORDER BY payload ->> 'tick') AS before
                      FROM event
                     WHERE rule_ref = 'chaos.ticking') AS ticks
             WHERE tick <> before + INTERVAL '1 second'
            UNION ALL
            SELECT event.id
              FROM event
             WHERE rule_ref = 'chaos.ticking'
               AND 1 <> (SELECT count(*) FROM enforcement WHERE enforcement.event = event.id)
            """),
        ("10: the hourly counts are those of the rows", """
            SELECT 10 AS id
             WHERE (SELECT sum(event_count) FROM event_volume_hourly) <> (SELECT count(*) FROM event)
                OR (SELECT sum(enforcement_count) FROM enforcement_volume_hourly) <> (SELECT count(*) FROM enforcement)
                OR (SELECT sum(execution_count) FROM execution_throughput_hourly) <> (SELECT count(*) FROM execution)
            """),
    ];
}
