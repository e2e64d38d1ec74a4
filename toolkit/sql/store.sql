-- assistant_columns (fragment): the columns of a row as the store returns it
--
-- Where an older server left a JSON array for an object, the object is empty. In the statements of the store,
-- functions, operators and types name their schema, so that no search_path matters. CASE … WHEN, IN and IS DISTINCT
-- FROM cannot name one.
assistant.id AS assistant_id, assistant.graph_id,
CASE WHEN pg_catalog.jsonb_typeof(assistant.config) OPERATOR(pg_catalog.=) 'object' THEN assistant.config ELSE '{}' END AS config,
CASE WHEN pg_catalog.jsonb_typeof(assistant.context) OPERATOR(pg_catalog.=) 'object' THEN assistant.context ELSE '{}' END AS context,
CASE WHEN pg_catalog.jsonb_typeof(assistant.metadata) OPERATOR(pg_catalog.=) 'object' THEN assistant.metadata ELSE '{}' END AS metadata,
assistant.name, assistant.description, assistant.version, assistant.created_at, assistant.updated_at

-- stored_assistant_id (langgraph): the first spelling of an id, in the order given, that a row has
SELECT stored.id
FROM   langgraph_server.assistants AS stored
WHERE  stored.id OPERATOR(pg_catalog.=) ANY (%(spellings)s::pg_catalog.text[])
ORDER  BY pg_catalog.array_position(%(spellings)s::pg_catalog.text[], stored.id)
LIMIT  1

-- new_assistant (fragment): the insert of an assistant
--
-- A row that has the id in the spelling given keeps that spelling.
INSERT INTO langgraph_server.assistants AS assistant (id, graph_id, config, context, metadata, name, description)
SELECT COALESCE((
-- include: stored_assistant_id
       ), %(assistant_id)s::pg_catalog.text),
       %(graph_id)s::pg_catalog.text, %(config)s::pg_catalog.jsonb, %(context)s::pg_catalog.jsonb,
       %(metadata)s::pg_catalog.jsonb, %(name)s::pg_catalog.text, %(description)s::pg_catalog.text

-- create_assistant_or_raise (langgraph): the new row, or none where the id is taken
-- include: new_assistant
ON CONFLICT (id) DO NOTHING
RETURNING
-- include: assistant_columns

-- create_assistant_or_do_nothing (langgraph): the new row, the owner's existing row, or none of another owner
--
-- SET id locks and returns the row, even if it was inserted after this statement's snapshot.
-- include: new_assistant
ON CONFLICT (id) DO UPDATE
SET    id = assistant.id
WHERE  (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) (EXCLUDED.metadata OPERATOR(pg_catalog.->>) 'owner')
RETURNING
-- include: assistant_columns

-- create_assistant_or_update (langgraph): the new row, the owner's row with new content, or none of another owner
--
-- Unchanged content keeps its version.
-- include: new_assistant
ON CONFLICT (id) DO UPDATE
SET    graph_id = EXCLUDED.graph_id,
       config = EXCLUDED.config,
       context = EXCLUDED.context,
       metadata = EXCLUDED.metadata,
       name = EXCLUDED.name,
       description = EXCLUDED.description,
       version = CASE WHEN
-- include: assistant_is_as_wanted
                 THEN assistant.version ELSE assistant.version OPERATOR(pg_catalog.+) 1 END,
       updated_at = CASE WHEN
-- include: assistant_is_as_wanted
                    THEN assistant.updated_at ELSE pg_catalog.now() END
WHERE  (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) (EXCLUDED.metadata OPERATOR(pg_catalog.->>) 'owner')
RETURNING
-- include: assistant_columns

-- assistant_is_as_wanted (fragment): whether the row holds the wanted content already
--
-- Two records are equal also where both have a null.
ROW(assistant.graph_id, assistant.config, assistant.context, assistant.metadata, assistant.name,
    assistant.description)::pg_catalog.record OPERATOR(pg_catalog.=)
ROW(EXCLUDED.graph_id, EXCLUDED.config, EXCLUDED.context, EXCLUDED.metadata, EXCLUDED.name,
    EXCLUDED.description)::pg_catalog.record

-- assistant_is_visible (fragment): whether the row is the reader's own, or the system's and of these organizations
((assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) %(owner_id)s
 OR (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) 'system'
    AND (%(organizations)s::pg_catalog.text[] IS NULL
         OR pg_catalog.lower(assistant.metadata OPERATOR(pg_catalog.->>) 'supabase_organization_id')
            OPERATOR(pg_catalog.=) ANY (%(organizations)s::pg_catalog.text[])))

-- get_assistant (langgraph): the row with this id, in the first spelling found, if the reader may see it
SELECT
-- include: assistant_columns
FROM  (SELECT stored.*
       FROM   langgraph_server.assistants AS stored
       WHERE  stored.id OPERATOR(pg_catalog.=) ANY (%(spellings)s::pg_catalog.text[])
       ORDER  BY pg_catalog.array_position(%(spellings)s::pg_catalog.text[], stored.id)
       LIMIT  1) AS assistant
WHERE
-- include: assistant_is_visible

-- assistants_found (fragment): the visible rows that fit the filters
FROM   langgraph_server.assistants AS assistant
WHERE
-- include: assistant_is_visible
AND   (%(spellings)s::pg_catalog.text[] IS NULL OR assistant.id OPERATOR(pg_catalog.=) ANY (%(spellings)s))
AND   (%(graph_id)s::pg_catalog.text IS NULL OR assistant.graph_id OPERATOR(pg_catalog.=) %(graph_id)s)
AND   (%(name)s::pg_catalog.text IS NULL OR assistant.name OPERATOR(pg_catalog.=) %(name)s)
AND   (%(description)s::pg_catalog.text IS NULL OR assistant.description OPERATOR(pg_catalog.=) %(description)s)
AND   (%(version)s::bigint IS NULL OR assistant.version OPERATOR(pg_catalog.=) %(version)s)
AND   (%(metadata)s::pg_catalog.jsonb IS NULL OR assistant.metadata OPERATOR(pg_catalog.@>) %(metadata)s)
AND   (%(name_contains)s::pg_catalog.text IS NULL
       OR pg_catalog.strpos(pg_catalog.lower(assistant.name), pg_catalog.lower(%(name_contains)s))
          OPERATOR(pg_catalog.>) 0)

-- list_assistants (langgraph): the rows found, newest first, then by id
SELECT
-- include: assistant_columns
-- include: assistants_found
ORDER  BY assistant.created_at DESC, assistant.id
LIMIT  %(limit)s
OFFSET %(offset)s

-- count_assistants (langgraph): the number of rows found
SELECT pg_catalog.count(*) AS assistants
-- include: assistants_found

-- update_assistant (langgraph): the owner's row with new values; metadata is merged, the rest replaced
--
-- No update is lost: PostgreSQL locks the row and reads it again before it counts the version up.
UPDATE langgraph_server.assistants AS assistant
SET    graph_id = COALESCE(%(graph_id)s::pg_catalog.text, assistant.graph_id),
       config = COALESCE(%(config)s::pg_catalog.jsonb, assistant.config),
       context = COALESCE(%(context)s::pg_catalog.jsonb, assistant.context),
       metadata = assistant.metadata OPERATOR(pg_catalog.||) %(metadata)s::pg_catalog.jsonb,
       name = CASE WHEN %(sets_name)s THEN %(name)s::pg_catalog.text ELSE assistant.name END,
       description = CASE WHEN %(sets_description)s THEN %(description)s::pg_catalog.text ELSE assistant.description END,
       version = assistant.version OPERATOR(pg_catalog.+) 1,
       updated_at = pg_catalog.now()
WHERE  assistant.id OPERATOR(pg_catalog.=) (
-- include: stored_assistant_id
       )
AND    (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) %(owner_id)s
RETURNING
-- include: assistant_columns

-- delete_assistant (langgraph): remove the owner's row
DELETE FROM langgraph_server.assistants AS assistant
WHERE  assistant.id OPERATOR(pg_catalog.=) (
-- include: stored_assistant_id
       )
AND    (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) %(owner_id)s
RETURNING assistant.id

-- clear_assistants (langgraph): remove every row of every owner
DELETE FROM langgraph_server.assistants

-- lock_setup (langgraph): let one server at a time make the tables
SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('langgraph_server setup', 0))

-- is_set_up (langgraph): whether all tables are there
--
-- CREATE … IF NOT EXISTS needs the right to create, even if it makes nothing. So this is asked first.
SELECT bool_and(to_regclass('langgraph_server.' || needed.name) IS NOT NULL) AS is_set_up
FROM   unnest('{assistants,threads,thread_states,runs,store_items,crons}'::text[]) AS needed (name)

-- set_up (langgraph): make the tables of a LangGraph-compatible server that are missing
CREATE SCHEMA IF NOT EXISTS langgraph_server;
CREATE TABLE IF NOT EXISTS langgraph_server.assistants (
    id text PRIMARY KEY,
    graph_id text NOT NULL,
    config jsonb NOT NULL DEFAULT '{}',
    context jsonb NOT NULL DEFAULT '{}',
    metadata jsonb NOT NULL DEFAULT '{}',
    name text,
    description text,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS langgraph_server.threads (
    id text PRIMARY KEY,
    metadata jsonb NOT NULL DEFAULT '{}',
    config jsonb NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'idle',
    "values" jsonb NOT NULL DEFAULT '{}',
    interrupts jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS langgraph_server.thread_states (
    id serial PRIMARY KEY,
    thread_id text NOT NULL REFERENCES langgraph_server.threads (id) ON DELETE CASCADE,
    "values" jsonb NOT NULL DEFAULT '{}',
    metadata jsonb NOT NULL DEFAULT '{}',
    next text[] NOT NULL DEFAULT '{}',
    tasks jsonb NOT NULL DEFAULT '[]',
    checkpoint_id text NOT NULL,
    parent_checkpoint jsonb,
    interrupts jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_thread_states_thread_id
    ON langgraph_server.thread_states (thread_id, created_at DESC);
CREATE TABLE IF NOT EXISTS langgraph_server.runs (
    id text PRIMARY KEY,
    thread_id text NOT NULL,
    assistant_id text NOT NULL,
    status text NOT NULL DEFAULT 'pending',
    metadata jsonb NOT NULL DEFAULT '{}',
    kwargs jsonb NOT NULL DEFAULT '{}',
    multitask_strategy text NOT NULL DEFAULT 'reject',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idx_runs_thread_id ON langgraph_server.runs (thread_id, created_at DESC);
CREATE TABLE IF NOT EXISTS langgraph_server.store_items (
    namespace text NOT NULL,
    key text NOT NULL,
    value jsonb NOT NULL DEFAULT '{}',
    owner_id text NOT NULL,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (namespace, key, owner_id)
);
CREATE TABLE IF NOT EXISTS langgraph_server.crons (
    id text PRIMARY KEY,
    assistant_id text,
    thread_id text,
    end_time timestamptz,
    schedule text NOT NULL,
    user_id text,
    payload jsonb NOT NULL DEFAULT '{}',
    next_run_date timestamptz,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- organizations_of_user (supabase): the organizations that a person belongs to
SELECT member.organization_id
FROM   public.organization_members AS member
WHERE  member.user_id OPERATOR(pg_catalog.=) %(user_id)s::pg_catalog.uuid
ORDER  BY member.organization_id
