-- guard_function (langgraph): a new row of the system gets its agent's id, where no row has that id; every other row is inserted unchanged
--
-- Written as PostgreSQL prints it, so that `guard status` can compare the two. A test holds it equal to spelled_uuid.
CREATE OR REPLACE FUNCTION langgraph_server.assistant_guard()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
    agent_id  text;
    canonical text;
BEGIN
    -- a repair and its undo say every id themselves, and set this for their own transactions
    IF current_setting('assistant_toolkit.guard', true) = 'off' OR (NEW.metadata->>'owner' = 'system') IS NOT TRUE THEN
        RETURN NEW;
    END IF;
    agent_id := lower(NEW.metadata->>'supabase_agent_id');
    IF length(agent_id) <= 47
       AND agent_id ~ '^(urn:uuid:)?\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$' THEN
        canonical := translate(replace(agent_id, 'urn:uuid:', ''), '{}-', '')::uuid::text;
        IF NOT EXISTS (SELECT FROM langgraph_server.assistants AS stored WHERE stored.id = canonical) THEN
            NEW.id := canonical;
        END IF;
    END IF;
    RETURN NEW;
EXCEPTION WHEN OTHERS THEN
    RETURN NEW;  -- the server's insert is not to fail because of us
END
$function$

-- guard_trigger (langgraph): run the guard's function for every new assistant
CREATE TRIGGER assistant_guard BEFORE INSERT ON langgraph_server.assistants
FOR EACH ROW EXECUTE FUNCTION langgraph_server.assistant_guard()

-- drop_guard (langgraph): remove the guard's trigger and its function
DROP TRIGGER IF EXISTS assistant_guard ON langgraph_server.assistants;
DROP FUNCTION IF EXISTS langgraph_server.assistant_guard()

-- guard (langgraph): the state of the trigger and the function under the guard's name, and whether this role may install or remove them
--
-- Only a table's owner may drop its triggers; a role that could not remove the guard may not install it.
SELECT CASE WHEN trigger.oid IS NULL AND guard.oid IS NULL THEN 'absent'
            WHEN trigger.tgfoid = guard.oid AND trigger.tgtype = 7  -- before, insert, each row
                 AND trigger.tgqual IS NULL AND trigger.tgnargs = 0
                 AND btrim(pg_catalog.pg_get_functiondef(guard.oid), E'\n') = %(function)s
            THEN CASE WHEN trigger.tgenabled IN ('O', 'A') THEN 'installed' ELSE 'disabled' END
            ELSE 'changed' END AS state,
       COALESCE(pg_catalog.pg_has_role(stored.relowner, 'USAGE'), false)
       AND pg_catalog.has_schema_privilege(schema.oid, 'CREATE') AS can_change,
       current_user::text AS role
FROM  (SELECT 1) AS always
       LEFT JOIN (pg_catalog.pg_class AS stored
                  JOIN pg_catalog.pg_namespace AS schema ON schema.oid = stored.relnamespace)
              ON schema.nspname = 'langgraph_server' AND stored.relname = 'assistants' AND stored.relkind IN ('r', 'p')
       LEFT JOIN pg_catalog.pg_proc AS guard
              ON guard.pronamespace = schema.oid AND guard.proname = 'assistant_guard' AND guard.pronargs = 0
             AND guard.prokind = 'f'
       LEFT JOIN pg_catalog.pg_trigger AS trigger
              ON trigger.tgrelid = stored.oid AND trigger.tgname = 'assistant_guard' AND NOT trigger.tgisinternal
