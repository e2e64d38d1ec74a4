-- assistant_columns (fragment): the columns of a row as the store returns it, JSON as text
--
-- In the statements of the store, functions, operators and types name their schema, so that no search_path matters.
-- CASE ... WHEN, IN and IS DISTINCT FROM cannot name one.
assistant.id AS assistant_id, assistant.graph_id, assistant.config::pg_catalog.text, assistant.context::pg_catalog.text,
assistant.metadata::pg_catalog.text, assistant.name, assistant.description, assistant.version, assistant.created_at, assistant.updated_at

-- settings_now (either): the values of settings, in the order of their names given
SELECT pg_catalog.current_setting(setting.name) AS value
FROM   pg_catalog.unnest(%(names)s::pg_catalog.text[]) WITH ORDINALITY AS setting (name, position)
ORDER  BY setting.position

-- set_settings (either): give settings these values until the transaction ends
SELECT pg_catalog.set_config(setting.name, setting.value, true)
FROM   ROWS FROM (pg_catalog.unnest(%(names)s::pg_catalog.text[]), pg_catalog.unnest(%(values)s::pg_catalog.text[]))
       AS setting (name, value)

-- given_assistant_id (fragment; fills: wanted_id): the only spelling of an id
%(assistant_id)s::pg_catalog.text

-- stored_assistant_id (langgraph; fills: wanted_id): the first spelling of an id, in the order given, that a row has
SELECT stored.id
FROM   langgraph_server.assistants AS stored
WHERE  stored.id OPERATOR(pg_catalog.=) ANY (%(spellings)s::pg_catalog.text[])
ORDER  BY pg_catalog.array_position(%(spellings)s::pg_catalog.text[], stored.id)
LIMIT  1

-- patience (fragment): how long a write waits for a lock, unless its session says it; read before a row is locked
(SELECT CASE WHEN pg_catalog.current_setting('lock_timeout') OPERATOR(pg_catalog.=) '0'
             THEN pg_catalog.set_config('lock_timeout', '2s', true) END) AS patience

-- create_assistant (langgraph; slots: if_exists): the new row; where its id is taken, the row that `if_exists` leaves
--
-- A row that has the id in the spelling given keeps that spelling.
INSERT INTO langgraph_server.assistants AS assistant (id, graph_id, config, context, metadata, name, description)
SELECT COALESCE((/* include: stored_assistant_id */), %(assistant_id)s::pg_catalog.text),
       %(graph_id)s::pg_catalog.text, %(config)s::pg_catalog.jsonb, %(context)s::pg_catalog.jsonb,
       %(metadata)s::pg_catalog.jsonb, %(name)s::pg_catalog.text, %(description)s::pg_catalog.text
FROM /* include: patience */
ON CONFLICT (id) DO /* slot: if_exists */
RETURNING /* include: assistant_columns */

-- raise_if_exists (fragment; fills: if_exists): no row
NOTHING

-- do_nothing_if_exists (fragment; fills: if_exists): the owner's row, or none of another owner
--
-- SET id locks and returns the row, even if it was inserted after this statement's snapshot.
UPDATE
SET    id = assistant.id
WHERE  (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) (EXCLUDED.metadata OPERATOR(pg_catalog.->>) 'owner')

-- update_if_exists (fragment; fills: if_exists): the owner's row with new content, or none of another owner
--
-- Unchanged content keeps its version.
UPDATE
SET   (graph_id, config, context, metadata, name, description) =
      (EXCLUDED.graph_id, EXCLUDED.config, EXCLUDED.context, EXCLUDED.metadata, EXCLUDED.name, EXCLUDED.description),
       version = CASE WHEN /* include: assistant_is_as_wanted */
                      THEN assistant.version ELSE assistant.version OPERATOR(pg_catalog.+) 1 END,
       updated_at = CASE WHEN /* include: assistant_is_as_wanted */
                         THEN assistant.updated_at ELSE pg_catalog.now() END
WHERE  (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) (EXCLUDED.metadata OPERATOR(pg_catalog.->>) 'owner')

-- assistant_is_as_wanted (fragment): whether the row holds the wanted content already
--
-- Two records are equal also where both have a null.
ROW(assistant.graph_id, assistant.config, assistant.context, assistant.metadata, assistant.name,
    assistant.description)::pg_catalog.record OPERATOR(pg_catalog.=)
ROW(EXCLUDED.graph_id, EXCLUDED.config, EXCLUDED.context, EXCLUDED.metadata, EXCLUDED.name,
    EXCLUDED.description)::pg_catalog.record

-- get_assistant (langgraph; slots: wanted_id): the row with this id, if the reader may see it
--
-- That is the reader's own row, or the system's; of the system's only those of `organizations`, unless that is null.
SELECT /* include: assistant_columns */
FROM   langgraph_server.assistants AS assistant
WHERE  assistant.id OPERATOR(pg_catalog.=) (/* slot: wanted_id */)
AND   ((assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) %(owner_id)s
       OR (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) 'system'
          AND (%(organizations)s::pg_catalog.text[] IS NULL
               OR pg_catalog.lower(assistant.metadata OPERATOR(pg_catalog.->>) 'supabase_organization_id')
                  OPERATOR(pg_catalog.=) ANY (%(organizations)s)))

-- assistant_fits (fragment): whether the row fits the filters
--
-- A filter that is null is gone before the statement is planned. Hashes stand for texts, because an index cannot hold
-- a text of more than 2,700 bytes.
(%(spellings)s::pg_catalog.text[] IS NULL OR assistant.id OPERATOR(pg_catalog.=) ANY (%(spellings)s))
AND   (%(graph_id)s::pg_catalog.text IS NULL
       OR assistant.graph_id OPERATOR(pg_catalog.=) %(graph_id)s
          AND pg_catalog.hashtextextended(assistant.graph_id, 0) OPERATOR(pg_catalog.=) pg_catalog.hashtextextended(%(graph_id)s, 0))
AND   (%(name)s::pg_catalog.text IS NULL OR assistant.name OPERATOR(pg_catalog.=) %(name)s)
AND   (%(description)s::pg_catalog.text IS NULL OR assistant.description OPERATOR(pg_catalog.=) %(description)s)
AND   (%(version)s::bigint IS NULL OR assistant.version OPERATOR(pg_catalog.=) %(version)s)
AND   (%(metadata)s::pg_catalog.jsonb IS NULL OR assistant.metadata OPERATOR(pg_catalog.@>) %(metadata)s)
AND   (%(name_contains)s::pg_catalog.text IS NULL
       OR pg_catalog.strpos(pg_catalog.lower(assistant.name), pg_catalog.lower(%(name_contains)s))
          OPERATOR(pg_catalog.>) 0)

-- assistants_of_reader (fragment): the reader's own rows that fit; none for the system
--
-- COALESCE around what the hash has said already: the planner takes a bare = for one row in 200, and would sort all
-- rows where an index has them in order.
FROM   langgraph_server.assistants AS assistant
WHERE  %(owner_id)s OPERATOR(pg_catalog.<>) 'system'
AND    COALESCE((assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) %(owner_id)s, false)
AND    pg_catalog.hashtextextended(assistant.metadata OPERATOR(pg_catalog.->>) 'owner', 0)
       OPERATOR(pg_catalog.=) pg_catalog.hashtextextended(%(owner_id)s, 0)
AND /* include: assistant_fits */

-- assistants_of_system (fragment): the system's rows that fit, if the reader sees those of every organization
FROM   langgraph_server.assistants AS assistant
WHERE  (%(organizations)s::pg_catalog.text[] IS NULL OR %(owner_id)s OPERATOR(pg_catalog.=) 'system')
AND    CASE WHEN %(counts)s AND %(metadata)s::pg_catalog.jsonb IS NULL
            THEN (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) 'system'
            ELSE COALESCE((assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) 'system', false) END
AND /* include: assistant_fits */

-- assistants_of_organization (fragment): the system's rows of one organization that fit
FROM   langgraph_server.assistants AS assistant
WHERE  %(owner_id)s OPERATOR(pg_catalog.<>) 'system'
AND    (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) 'system'
AND    COALESCE(pg_catalog.lower(assistant.metadata OPERATOR(pg_catalog.->>) 'supabase_organization_id')
                OPERATOR(pg_catalog.=) organization.id, false)
AND    pg_catalog.hashtextextended(pg_catalog.lower(assistant.metadata OPERATOR(pg_catalog.->>) 'supabase_organization_id'), 0)
       OPERATOR(pg_catalog.=) pg_catalog.hashtextextended(organization.id, 0)
AND /* include: assistant_fits */

-- newest_first (fragment): the order of lists; longer ids than 255 characters are an older server's
ORDER  BY assistant.created_at DESC, pg_catalog."left"(assistant.id, 255)

-- newest_branch (fragment): as many rows of one branch as the whole list can need
-- include: newest_first
LIMIT  %(most)s::bigint

-- list_assistants (langgraph): the rows found, newest first, then by id
--
-- Each branch reads an index in its order and stops at the limit; the sort over them is short. A filter on a column
-- without an index reads all in the order of the table instead: ten times as fast, where few rows fit.
SELECT /* include: assistant_columns */
FROM  ((SELECT assistant.*
-- include: assistants_of_reader
-- include: newest_branch
       ) UNION ALL (
        SELECT assistant.*
-- include: assistants_of_system
        AND (%(reads_all)s OR pg_catalog.hashtextextended(assistant.metadata OPERATOR(pg_catalog.->>) 'owner', 0)
                              OPERATOR(pg_catalog.=) pg_catalog.hashtextextended('system', 0))
-- include: newest_branch
       ) UNION ALL (
        SELECT found.*
        FROM   pg_catalog.unnest(%(organizations)s::pg_catalog.text[]) AS organization (id)
               CROSS JOIN LATERAL (SELECT assistant.*
-- include: assistants_of_organization
-- include: newest_branch
               ) AS found)) AS assistant
-- include: newest_first
LIMIT  %(limit)s::bigint OFFSET %(offset)s::bigint

-- count_assistants (langgraph): the number of rows found
--
-- The system's are counted in the index of organizations alone, whose condition is the bare = of the owner.
SELECT (SELECT pg_catalog.count(*)
-- include: assistants_of_reader
       ) OPERATOR(pg_catalog.+) (
        SELECT pg_catalog.count(*)
-- include: assistants_of_system
       ) OPERATOR(pg_catalog.+) (
        SELECT pg_catalog.count(*)
        FROM   pg_catalog.unnest(%(organizations)s::pg_catalog.text[]) AS organization (id)
               CROSS JOIN LATERAL (SELECT
-- include: assistants_of_organization
               ) AS found
       ) AS assistants

-- index_assistants (langgraph): the indexes of the store's reads
--
-- No row is too large for them: they hold hashes of texts, and at most 255 characters of an id.
CREATE INDEX IF NOT EXISTS assistants_by_owner ON langgraph_server.assistants
    (hashtextextended(metadata->>'owner', 0), created_at DESC, "left"(id, 255));
CREATE INDEX IF NOT EXISTS assistants_by_graph ON langgraph_server.assistants
    (hashtextextended(graph_id, 0), hashtextextended(metadata->>'owner', 0), created_at DESC, "left"(id, 255));
CREATE INDEX IF NOT EXISTS assistants_by_organization ON langgraph_server.assistants
    (hashtextextended(lower(metadata->>'supabase_organization_id'), 0), created_at DESC, "left"(id, 255))
    WHERE metadata->>'owner' = 'system';
CREATE INDEX IF NOT EXISTS assistants_by_metadata ON langgraph_server.assistants
    USING gin (metadata jsonb_path_ops) WITH (fastupdate = off);

-- missing_relations (langgraph): which of these tables and valid indexes are not there
--
-- CREATE ... IF NOT EXISTS needs the right to create, even if it makes nothing. So this is asked first.
SELECT needed.name
FROM   pg_catalog.unnest(%(names)s::pg_catalog.text[]) WITH ORDINALITY AS needed (name, position)
       CROSS JOIN pg_catalog.to_regclass('langgraph_server.' OPERATOR(pg_catalog.||) needed.name) AS made
WHERE  made IS NULL
OR     EXISTS (SELECT FROM pg_catalog.pg_index AS index
               WHERE index.indexrelid OPERATOR(pg_catalog.=) made AND NOT index.indisvalid)
ORDER  BY needed.position

-- update_assistant (langgraph; slots: wanted_id): the owner's row with new values; metadata is merged, the rest replaced
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
FROM /* include: patience */
WHERE  assistant.id OPERATOR(pg_catalog.=) (/* slot: wanted_id */)
AND    (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) %(owner_id)s
RETURNING /* include: assistant_columns */

-- delete_assistant (langgraph; slots: wanted_id): remove the owner's row
DELETE FROM langgraph_server.assistants AS assistant
USING /* include: patience */
WHERE  assistant.id OPERATOR(pg_catalog.=) (/* slot: wanted_id */)
AND    (assistant.metadata OPERATOR(pg_catalog.->>) 'owner') OPERATOR(pg_catalog.=) %(owner_id)s
RETURNING assistant.id

-- clear_assistants (langgraph): remove every row of every owner
DELETE FROM langgraph_server.assistants

-- make_schema (langgraph): the schema of a LangGraph-compatible server
CREATE SCHEMA IF NOT EXISTS langgraph_server

-- make_assistants (langgraph): the assistants, and the indexes of the store's reads
CREATE TABLE langgraph_server.assistants (
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
-- include: index_assistants

-- make_threads (langgraph): the threads
CREATE TABLE langgraph_server.threads (
    id text PRIMARY KEY,
    metadata jsonb NOT NULL DEFAULT '{}',
    config jsonb NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'idle',
    "values" jsonb NOT NULL DEFAULT '{}',
    interrupts jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
)

-- make_thread_states (langgraph): the states of threads, and their index
CREATE TABLE langgraph_server.thread_states (
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
CREATE INDEX idx_thread_states_thread_id ON langgraph_server.thread_states (thread_id, created_at DESC)

-- make_runs (langgraph): the runs, and their index
CREATE TABLE langgraph_server.runs (
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
CREATE INDEX idx_runs_thread_id ON langgraph_server.runs (thread_id, created_at DESC)

-- make_store_items (langgraph): the memories
CREATE TABLE langgraph_server.store_items (
    namespace text NOT NULL,
    key text NOT NULL,
    value jsonb NOT NULL DEFAULT '{}',
    owner_id text NOT NULL,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (namespace, key, owner_id)
)

-- make_crons (langgraph): the crons
CREATE TABLE langgraph_server.crons (
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
)

-- organizations_of_user (supabase): the organizations that a person belongs to
SELECT member.organization_id
FROM   public.organization_members AS member
WHERE  member.user_id OPERATOR(pg_catalog.=) %(user_id)s::pg_catalog.uuid
ORDER  BY member.organization_id
