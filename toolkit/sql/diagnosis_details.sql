-- first_look (either): which agents have no assistant under their id, and how many copies they have instead
SELECT agent.name, agent.id AS agent_id, agent.langgraph_assistant_id AS write_back,
       canonical.id IS NOT NULL AS found_under_its_id, COALESCE(copy.copies, 0) AS copies, copy.newest
FROM   public.agents AS agent
       LEFT JOIN langgraph_server.assistants AS canonical ON canonical.id = agent.id::text
       LEFT JOIN (SELECT stored.metadata->>'supabase_agent_id'::text AS agent_id, count(*) AS copies, max(stored.created_at) AS newest
                  FROM   langgraph_server.assistants AS stored
                  WHERE  stored.metadata->>'owner'::text = 'system' AND stored.id <> stored.metadata->>'supabase_agent_id'::text
                  GROUP  BY stored.metadata->>'supabase_agent_id'::text) AS copy ON copy.agent_id = agent.id::text
WHERE  agent.status::text = 'active' AND agent.deleted_at IS NULL
ORDER  BY found_under_its_id, agent.id

-- copy_times (langgraph): of the scope's agents in use the times of the oldest and the newest copy, and the most copies of one; of all agents the time of the newest canonical assistant, and whether it is older than a copy, or absent
SELECT min(agent.oldest) FILTER (WHERE agent.in_scope) AT TIME ZONE 'UTC' AS oldest_copy,
       max(agent.newest) FILTER (WHERE agent.in_scope) AT TIME ZONE 'UTC' AS newest_copy,
       max(agent.copies) FILTER (WHERE agent.in_scope)::int               AS most_copies,
       max(agent.canonical) AT TIME ZONE 'UTC'                            AS newest_canonical,
       COALESCE(max(agent.newest) > max(agent.canonical), max(agent.canonical) IS NULL) AS is_behind
FROM  (SELECT %(organizations)s::uuid[] IS NULL
              OR COALESCE(min(NULLIF(stored.metadata->>'supabase_organization_id', '')) = ANY (%(organizations)s::uuid[]::text[]), true) AS in_scope,
              min(stored.created_at) FILTER (WHERE stored.id <> stored.metadata->>'supabase_agent_id') AS oldest,
              max(stored.created_at) FILTER (WHERE stored.id <> stored.metadata->>'supabase_agent_id') AS newest,
              max(stored.created_at) FILTER (WHERE stored.id = stored.metadata->>'supabase_agent_id')  AS canonical,
              count(*) FILTER (WHERE stored.id <> stored.metadata->>'supabase_agent_id')               AS copies
       FROM   langgraph_server.assistants AS stored
       WHERE  stored.metadata->>'owner' = 'system' AND stored.id <> ALL (%(orphans)s)
       GROUP  BY stored.metadata->>'supabase_agent_id') AS agent

-- old_server (langgraph): whether all assistants under their agents' ids are copies that repairs put there, or older, and none was written since
WITH made AS (
    SELECT step.canonical_id AS id, step.kind, COALESCE(run.finished_at, run.started_at) AS at
    FROM   assistant_repair.steps AS step JOIN assistant_repair.runs AS run ON run.run_id = step.run_id
    WHERE  step.kind IN ('rekey', 'create', 'adopt', 'update') AND run.undone_at IS NULL
),
stored AS (
    SELECT stored.id, stored.created_at, stored.updated_at FROM langgraph_server.assistants AS stored
    WHERE  stored.metadata->>'owner' = 'system' AND stored.id = stored.metadata->>'supabase_agent_id'
),
latest AS (
    SELECT max(stored.created_at) AS copy, max(made.at) AS repair FROM made JOIN stored ON stored.id = made.id
    WHERE  made.kind = 'rekey'
)
SELECT latest.copy IS NOT NULL AND NOT EXISTS (
           SELECT FROM stored
           WHERE  stored.updated_at > latest.repair
           OR    (stored.created_at > latest.copy AND stored.id NOT IN (SELECT made.id FROM made))) AS is_old
FROM   latest

-- desired_configs (supabase): the configs that these agents ought to have, and whether they are in scope
SELECT desired.assistant_id, desired.config, desired.in_scope
FROM  (/* include: desired_assistants */) AS desired
WHERE  desired.agent_id = ANY (%(agent_ids)s::uuid[])
ORDER  BY desired.assistant_id

-- stored_configs (langgraph): the names and configs that these assistants have
SELECT stored.id, stored.name, stored.config
FROM   langgraph_server.assistants AS stored
WHERE  stored.id = ANY (%(ids)s)
ORDER  BY stored.id

-- agent_names (supabase): the names and organizations of these agents
SELECT agent.id::text AS agent_id, COALESCE(agent.name, '') AS name, agent.organization_id::text AS organization_id
FROM   public.agents AS agent
WHERE  agent.id = ANY (%(agent_ids)s::uuid[])
ORDER  BY agent.id

-- organization_names (supabase): the names of these organizations, or of all where `ids` is null
SELECT organization.id::text AS id, COALESCE(organization.name, organization.id::text) AS name
FROM   public.organizations AS organization
WHERE  %(ids)s::text[] IS NULL OR organization.id::text = ANY (%(ids)s)
ORDER  BY organization.id

-- exposed_rows (langgraph; slots: members): these assistants, whole, with their threads; for a person to paste, the toolkit never runs it
--
-- Every type is exact, so that PostgreSQL's own operators come first on any editor's search_path.
SELECT assistant.*, assistant.metadata->>'owner'::text AS owner,
       ARRAY(SELECT run.thread_id FROM langgraph_server.runs AS run WHERE run.assistant_id = assistant.id
             UNION
             SELECT thread.id FROM langgraph_server.threads AS thread WHERE thread.metadata->>'assistant_id'::text = assistant.id
             ORDER BY 1) AS threads
-- slot: members
FROM   langgraph_server.assistants AS assistant
WHERE  assistant.id = ANY (%(ids)s)
ORDER  BY assistant.id

-- organizations_of_owner (fragment; fills: members): the organizations of the row's owner, where both sides are one database
     , ARRAY(SELECT organization.name
             FROM   public.organization_members AS member
                    JOIN public.organizations AS organization ON organization.id = member.organization_id
             WHERE  member.user_id::text = assistant.metadata->>'owner'::text
             ORDER  BY 1) AS owner_is_member_of

-- organizations_elsewhere (fragment; fills: members): nothing, where the members are in the other database

-- reachable_agents (supabase): every agent in scope, with its desired config, and whether this user's organizations have it
SELECT desired.assistant_id, desired.config, desired.organization_id::text AS organization_id,
       %(user_id)s = '' OR NOT EXISTS (SELECT FROM public.organization_members AS member WHERE member.user_id::text = %(user_id)s)
       OR EXISTS (SELECT FROM public.organization_members AS member
                  WHERE  member.user_id::text = %(user_id)s AND member.organization_id = desired.organization_id) AS reachable
FROM  (/* include: desired_assistants */) AS desired
WHERE  desired.in_scope AND (desired.at_startup OR %(startup_sync)s = 'all') AND desired.problem IS NULL
ORDER  BY desired.assistant_id

-- conversations_of_rows (langgraph; slots: agent_links, sessions, memberships, rerouted, crons): the conversations on these assistants, each with its agent, user and times
WITH
-- include: conversations_and_evidence
, stray AS MATERIALIZED (
    SELECT wanted.id, stored.metadata->>'owner' AS owner
    FROM   unnest(%(ids)s::text[]) AS wanted (id)
           LEFT JOIN langgraph_server.assistants AS stored ON stored.id = wanted.id
), held AS MATERIALIZED (
    SELECT DISTINCT conversation.thread_id, conversation.assistant_id FROM conversation JOIN stray ON stray.id = conversation.assistant_id
), /* include: whose */
SELECT conversation.assistant_id, conversation.thread_id, verdict.agent_id AS said, min(thread.metadata->>'owner') AS "user",
       LEAST(min(run.created_at), min(thread.created_at)) AS began,
       GREATEST(max(run.created_at), min(thread.created_at),
                min((to_jsonb(thread)->>'updated_at')::timestamptz) FILTER (WHERE run.thread_id IS NULL)) AS latest
FROM   held AS conversation
       LEFT JOIN verdict ON verdict.thread_id = conversation.thread_id
       LEFT JOIN langgraph_server.threads AS thread ON thread.id = conversation.thread_id
       LEFT JOIN langgraph_server.runs AS run ON run.thread_id = conversation.thread_id AND run.assistant_id = conversation.assistant_id
GROUP  BY conversation.assistant_id, conversation.thread_id, verdict.agent_id
ORDER  BY conversation.thread_id, conversation.assistant_id

-- latest_on_rows (langgraph): when a conversation was last on one of these assistants, by its runs or as a thread that names it; null where none is
SELECT GREATEST((SELECT max(run.created_at) FROM langgraph_server.runs AS run WHERE run.assistant_id = ANY (%(ids)s)),
                (SELECT max(thread.created_at) FROM langgraph_server.threads AS thread
                 WHERE  thread.metadata->>'assistant_id' = ANY (%(ids)s))) AS latest

-- returning (langgraph): how many conversations and crons undo of a run gives back to users' rows, of these agents
SELECT count(*) FILTER (WHERE moved.thread_id NOT LIKE 'cron %%')::int AS conversations,
       count(*) FILTER (WHERE moved.thread_id LIKE 'cron %%')::int     AS crons
FROM   assistant_repair.rerouted AS moved
WHERE  moved.run_id = %(run_id)s AND moved.new_id = ANY (%(agents)s) AND moved.thread_id NOT LIKE 'user %%'

-- rows_naming (langgraph; slots: places): how many rows of each place name these assistants
SELECT named.place, named.id AS assistant_id, named.rows
FROM  (/* slot: places */) AS named
WHERE  named.id = ANY (%(ids)s)
ORDER  BY named.place, named.id
