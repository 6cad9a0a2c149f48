namespace Attune.Tests.Faults.Chaos;

/// <summary>
/// Writes down, in the transaction of each change, what changed: what the history says and how often a row was changed can then be
/// held against something that Attune has no part in.
/// </summary>
internal static class ChaosWitness
{
    public const string Sql = """
        CREATE TABLE public.witness_enforcement (enforcement bigint NOT NULL, was text NOT NULL, is_now text NOT NULL);
        CREATE TABLE public.witness_execution (execution bigint NOT NULL, was text, is_now text NOT NULL);
        CREATE TABLE public.witness_worker (worker bigint NOT NULL, was text, is_now text NOT NULL);
        CREATE INDEX ON public.witness_enforcement (enforcement);
        CREATE INDEX ON public.witness_execution (execution);

        CREATE FUNCTION public.witness_enforcement() RETURNS trigger LANGUAGE plpgsql AS
        $$
        BEGIN
            INSERT INTO public.witness_enforcement VALUES (NEW.id, OLD.status, NEW.status);
            RETURN NULL;
        END
        $$;

        CREATE FUNCTION public.witness_execution() RETURNS trigger LANGUAGE plpgsql AS
        $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO public.witness_execution VALUES (NEW.id, NULL, NEW.status);
            ELSIF (OLD.status, OLD.result, OLD.executor, OLD.worker, OLD.started_at, OLD.retry_count, OLD.lost_count, OLD.workflow_task, OLD.env_vars)
                  IS DISTINCT FROM
                  (NEW.status, NEW.result, NEW.executor, NEW.worker, NEW.started_at, NEW.retry_count, NEW.lost_count, NEW.workflow_task, NEW.env_vars) THEN
                INSERT INTO public.witness_execution VALUES (NEW.id, OLD.status, NEW.status);
            END IF;
            RETURN NULL;
        END
        $$;

        CREATE FUNCTION public.witness_worker() RETURNS trigger LANGUAGE plpgsql AS
        $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO public.witness_worker VALUES (NEW.id, NULL, NEW.status);
            ELSIF (OLD.name, OLD.status, OLD.capabilities, OLD.meta, OLD.host, OLD.port)
                  IS DISTINCT FROM (NEW.name, NEW.status, NEW.capabilities, NEW.meta, NEW.host, NEW.port) THEN
                INSERT INTO public.witness_worker VALUES (NEW.id, OLD.status, NEW.status);
            END IF;
            RETURN NULL;
        END
        $$;

        CREATE TRIGGER witness_enforcement AFTER UPDATE ON attune.enforcement
           FOR EACH ROW EXECUTE FUNCTION public.witness_enforcement();
        CREATE TRIGGER witness_execution AFTER INSERT OR UPDATE ON attune.execution
           FOR EACH ROW EXECUTE FUNCTION public.witness_execution();
        CREATE TRIGGER witness_worker AFTER INSERT OR UPDATE ON attune.worker
           FOR EACH ROW EXECUTE FUNCTION public.witness_worker();
        """;
}
