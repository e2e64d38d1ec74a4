-- findings (langgraph; slots: agent_links, id_map, lean_agents, memberships, config_hash = config_read, answer = unanswered): every mismatch of agents and rows, under the first kind that fits, by agent
--
-- COPY and not SELECT: for the client the rows of a result cost more than their content. The columns are those of
-- `Findings.read`, null where a kind has no such evidence; JSON would take as long as the rest. `step` is the kind of the
-- step that a repair can take, `desired` the hash of what the agent's assistant ought to be. Of a stray row `is_open` says
-- whether it is of the scope by itself: by what it names, else by its owner; null where neither names an organization.
COPY (
WITH
-- include: matching
SELECT finding.kind, finding.is_open, finding.agent_id, finding.organization_id, finding.agent_name, finding.assistant_id,
       answer.step, answer.expects, finding.link, finding.owner, finding.since, finding.columns, finding.differs, finding.kept_id,
       finding.problem, finding.agent_is, finding.is_empty, finding.write_back, finding.names_agent, finding.canonical_id,
       finding.startup_sync
FROM  (
    SELECT agent.kind, agent.kind <> 'missing' OR agent.is_expected AS is_open,
           agent.agent_id, agent.organization_id, agent.name AS agent_name,
           CASE WHEN agent.kind = 'wrong_id' OR agent.kept_link = 1 THEN agent.kept_id END AS assistant_id,
           CASE agent.kind WHEN 'wrong_id' THEN agent.kept_link END AS link,
           CASE WHEN agent.kept_link = 1 THEN agent.kept_owner END AS owner,
           CASE WHEN agent.kind = 'wrong_id' OR agent.kept_link = 1 THEN agent.kept_since END AS since,
           NULL AS columns, NULL AS differs, CASE WHEN agent.kind = 'conflict' AND agent.kept_link > 1 THEN agent.kept_id END AS kept_id,
           agent.problem, NULL AS agent_is, NULL::boolean AS is_empty, NULL AS write_back,
           CASE WHEN agent.kept_link = 1 AND agent.kept_names <> agent.agent_id THEN agent.kept_names END AS names_agent,
           agent.assistant_id AS canonical_id,
           CASE WHEN agent.kind = 'missing' AND agent.at_startup AND NOT agent.is_expected AND %(startup_sync)s = ''
                THEN 'not seen' END AS startup_sync,
           CASE WHEN agent.kept_id <> agent.assistant_id THEN 'rekey'
                WHEN agent.kept_id IS NULL THEN CASE WHEN agent.is_mendable THEN 'create' END
                WHEN agent.problem IS NULL THEN 'adopt' END AS step,
           /* include: desired_hash */ AS desired
    FROM   agent
    WHERE  agent.kind IS NOT NULL
    UNION ALL
    SELECT 'duplicate', true, copy.agent_id, copy.organization_id, copy.name, copy.id,
           copy.strength, NULL, copy.created_at, NULL,
           CASE WHEN copy.config_hash = copy.kept_hash AND copy.graph_id = copy.kept_graph_id THEN '[]'
                ELSE (/* include: differing_parts */)::text END,
           copy.kept_id, NULL, NULL, NULL, NULL, NULL, copy.assistant_id, NULL, CASE WHEN copy.is_mendable THEN 'remove' END, NULL
    FROM   copy
    UNION ALL
    SELECT 'not_written_back', agent.kind IS DISTINCT FROM 'missing' OR agent.is_expected,
           agent.agent_id, agent.organization_id, agent.name, NULL,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, agent.write_back, NULL, agent.assistant_id, NULL,
           CASE WHEN agent.is_mendable THEN 'write_back' END, NULL
    FROM   agent
    WHERE  agent.in_scope AND agent.write_back IS DISTINCT FROM agent.assistant_id
    UNION ALL
    SELECT 'drift', false, agent.agent_id, agent.organization_id, agent.name, agent.kept_id,
           NULL, NULL, NULL,
           to_json(array_remove(ARRAY[CASE WHEN agent.name_differs THEN 'name' END, CASE WHEN agent.graph_differs THEN 'graph_id' END,
                                      CASE WHEN agent.config_differs THEN 'config' END], NULL))::text,
           NULL, NULL, agent.problem, NULL, NULL, NULL, NULL, agent.assistant_id, NULL,
           CASE WHEN agent.problem IS NULL THEN 'update' END, /* include: desired_hash */
    FROM   agent
    WHERE  agent.in_scope AND agent.kind IS DISTINCT FROM 'conflict' AND agent.kept_is_system
    AND   (agent.name_differs OR agent.graph_differs OR agent.config_differs)
    UNION ALL
    SELECT 'orphan', false, unused.agent_id, unused.organization_id, unused.name, assistant.id,
           NULL, NULL, assistant.created_at, NULL, NULL, NULL, NULL,
           CASE WHEN unused.agent_id IS NULL THEN 'unknown' ELSE 'not in use' END, NULL, NULL, assistant.claimed_agent, NULL, NULL,
           'remove', NULL
    FROM   assistant
           LEFT JOIN agent AS unused ON unused.agent_id = assistant.agent_id AND NOT unused.active
    WHERE  assistant.is_system
    AND   (unused.agent_id IS NOT NULL OR (assistant.agent_id IS NULL AND assistant.claimed_agent IS NOT NULL))
    AND   (%(organizations)s::uuid[] IS NULL
           OR COALESCE(unused.organization_id::text, assistant.claimed_organization) = ANY (%(organizations)s::uuid[]::text[]))
    UNION ALL
    SELECT 'stray', %(organizations)s::uuid[] IS NULL OR own.organizations && %(organizations)s::uuid[]::text[],
           COALESCE(agent.agent_id, assistant.joined_agent),
           COALESCE(agent.organization_id, assistant.joined_organization,
                    CASE WHEN named.organization IS NULL AND cardinality(person.organizations) = 1 THEN person.organizations[1]::uuid END),
           COALESCE(agent.name, assistant.joined_name), assistant.id,
           NULL, assistant.owner, assistant.created_at, NULL, NULL, NULL, NULL, NULL, assistant.is_bare, NULL, assistant.claimed_agent,
           NULL, NULL, NULL, NULL
    FROM   assistant
           LEFT JOIN agent ON agent.agent_id = assistant.claimed_agent
           LEFT JOIN (/* include: people */) AS person ON person.user_id = assistant.owner
           CROSS JOIN LATERAL (
               SELECT COALESCE(agent.organization_id::text, assistant.joined_organization::text,
                               NULLIF(assistant.claimed_organization, '')) AS organization) AS named
           CROSS JOIN LATERAL (
               SELECT CASE WHEN named.organization IS NULL THEN person.organizations
                           ELSE ARRAY[named.organization] END AS organizations) AS own
    WHERE  NOT assistant.is_system AND assistant.strength IS NULL
    AND   (assistant.is_bare OR assistant.claimed_agent IS NOT NULL)
) AS finding
       CROSS JOIN LATERAL (/* slot: answer */) AS answer
ORDER  BY finding.agent_id NULLS FIRST, finding.names_agent, finding.assistant_id COLLATE "C"
) TO STDOUT

-- unanswered (fragment; fills: answer): no step, where nothing is planned
SELECT NULL AS step, NULL AS expects

-- answer (fragment; fills: answer): the step that a repair can take, and what it expects of the row and of Supabase
SELECT finding.step,
       CASE finding.step
           WHEN 'create' THEN finding.desired
           WHEN 'write_back' THEN finding.write_back
           ELSE concat_ws(' ', (SELECT /* include: row_hash */ FROM langgraph_server.assistants AS stored
                                WHERE  stored.id = COALESCE(finding.assistant_id, finding.kept_id)),
                          CASE WHEN finding.step IN ('adopt', 'update') THEN finding.desired END) END AS expects

-- differing_parts (fragment): the names of the parts in which a copy differs from the row that is kept, without their content
SELECT CASE WHEN this.config = other.config AND copy.graph_id = copy.kept_graph_id THEN '[]'
            ELSE COALESCE(jsonb_agg(part.name ORDER BY part.name) FILTER (WHERE part.name IS NOT NULL), '["config"]') END
FROM  (SELECT
-- include: comparable_config
              AS config FROM langgraph_server.assistants AS stored WHERE stored.id = copy.id) AS this
       CROSS JOIN
      (SELECT
-- include: comparable_config
              AS config FROM langgraph_server.assistants AS stored WHERE stored.id = copy.kept_id) AS other
       LEFT JOIN LATERAL (
           SELECT 'graph_id' AS name WHERE copy.graph_id <> copy.kept_graph_id
           UNION ALL
           SELECT COALESCE(mine.key, its.key)
           FROM   jsonb_each(CASE jsonb_typeof(this.config->'configurable') WHEN 'object' THEN this.config->'configurable' ELSE '{}' END) AS mine
                  FULL JOIN
                  jsonb_each(CASE jsonb_typeof(other.config->'configurable') WHEN 'object' THEN other.config->'configurable' ELSE '{}' END) AS its
                  ON its.key = mine.key
           WHERE  mine.value IS DISTINCT FROM its.value) AS part ON true
GROUP  BY this.config, other.config

-- references (langgraph; slots: places, lean_agents, tools, id_map, own_ids = own_ids_read, agent_links = agent_links_read, considered = assistants_named, config_hash = config_unread): the stored ids that are not canonical, with their number and the agent they mean
--
-- Nearly all stored ids are canonical: these leave before they are counted, and only the rest is matched. A word in a namespace,
-- which spells no UUID, is an id only where an assistant has it, or had it before a repair.
WITH lean_agent AS MATERIALIZED (
    SELECT agent.agent_id, agent.assistant_id, agent.organization_id, agent.name, agent.write_back, agent.active, agent.in_scope
    FROM  (/* include: agents */) AS agent
), own AS NOT MATERIALIZED (/* slot: own_ids */), tool AS (/* slot: tools */), named AS (
-- slot: places
    UNION ALL
    -- a uuid[] prints with dashes; the assistant's id may have none
    SELECT 'public.agents.assistant_tool_ids', COALESCE(twin.id, tool.tool_id::text), count(*), NULL, false
    FROM   tool
           LEFT JOIN (SELECT text.spelling AS id, /* include: spelled_uuid */ AS uuid
                      FROM  (SELECT stored.id AS spelling FROM langgraph_server.assistants AS stored
                             WHERE  stored.metadata->>'owner' = 'system' AND EXISTS (SELECT FROM tool)) AS text) AS twin
             ON twin.uuid = tool.tool_id AND twin.id <> tool.tool_id::text
    GROUP  BY 2
), used AS MATERIALIZED (
    SELECT named.*, spelled.agent_id AS spelled_agent, named.may_be_word AND uuid.spelled IS NULL AS is_word
    FROM   named
           CROSS JOIN LATERAL (SELECT named.id AS spelling) AS text
           CROSS JOIN LATERAL (SELECT
-- include: spelled_uuid
                               AS spelled) AS uuid
           LEFT JOIN lean_agent AS spelled ON spelled.agent_id = uuid.spelled
    WHERE  spelled.assistant_id IS DISTINCT FROM named.id OR NOT spelled.active
), considered AS NOT MATERIALIZED (
    SELECT stored.*, stored.owner IS NOT DISTINCT FROM 'system' AS is_system,
           own.uuid AS spelled_id, claimed.agent_id AS named_agent
    FROM  (/* include: lean_rows */) AS stored
-- include: spelled_id
           LEFT JOIN lean_agent AS claimed ON claimed.agent_id = stored.claimed_agent
), writer AS NOT MATERIALIZED (
    SELECT agent.agent_id, agent.organization_id, agent.write_back FROM lean_agent AS agent
    WHERE  agent.write_back <> agent.assistant_id
), /* include: links */
SELECT used.place, used.id AS assistant_id, used.rows, used.since,
       assistant.id IS NULL AS is_dangling,
       target.agent_id::text, target.organization_id::text, target.name AS agent_name,
       COALESCE(target.in_scope, meant.organization_id = ANY (%(organizations)s::uuid[]), %(organizations)s::uuid[] IS NULL) AS in_scope
FROM   used
       LEFT JOIN assistant ON assistant.id = used.id
       LEFT JOIN id_map ON id_map.old_id = used.id
       LEFT JOIN lean_agent AS target ON target.active
                  AND target.agent_id = COALESCE(CASE WHEN NOT assistant.is_contested THEN assistant.agent_id END,
                                                 id_map.agent_id, used.spelled_agent)
       LEFT JOIN lean_agent AS meant ON meant.agent_id = assistant.agent_id
WHERE (assistant.id IS NULL AND NOT (used.is_word AND target.agent_id IS NULL))
OR    (assistant.is_system AND assistant.agent_id IS NOT NULL AND NOT assistant.is_contested
       AND used.spelled_agent::text IS DISTINCT FROM used.id)
ORDER  BY target.agent_id NULLS FIRST, used.id COLLATE "C", used.place

-- own_ids_read (fragment; fills: own_ids): the canonical ids of the agents in use, from `lean_agent`, which the statement has read already
SELECT agent.assistant_id AS id FROM lean_agent AS agent WHERE agent.active

-- own_ids_in_place (fragment; fills: own_ids): nearly the same from the table, which workers can read
--
-- From the write-back, of which there are statistics; COALESCE keeps the planner from expecting a single row.
SELECT agent.langgraph_assistant_id AS id
FROM   public.agents AS agent
WHERE  COALESCE(agent.langgraph_assistant_id = agent.id::text, false) AND agent.status::text = 'active' AND agent.deleted_at IS NULL

-- conversations (langgraph; slots: lean_agents, agent_links, sessions, memberships, rerouted, crons, config_hash = config_unread): the conversations and crons on users' stray rows, those of agents out of scope as `elsewhere`, and the conversations on other agents' assistants, counted by agent, with the first thread
WITH agent AS NOT MATERIALIZED (/* include: agents */), stray AS MATERIALIZED (
    SELECT users.id, users.owner
    FROM  (SELECT text.*, /* include: spelled_uuid */ AS claimed_agent
           FROM  (SELECT stored.id, stored.metadata->>'owner'             AS owner,
                         stored.config IN ('{}', '{"configurable": {}}')  AS is_bare,
                         stored.metadata->>'supabase_agent_id'            AS spelling
                  FROM   langgraph_server.assistants AS stored
                  WHERE  stored.metadata->>'owner' IS DISTINCT FROM 'system') AS text) AS users
           LEFT JOIN agent ON agent.assistant_id = users.id
    WHERE  agent.agent_id IS NULL AND (users.is_bare OR users.claimed_agent IS NOT NULL)
), /* include: conversations_and_evidence */
, held AS MATERIALIZED (
    SELECT conversation.thread_id, conversation.assistant_id FROM conversation JOIN stray ON stray.id = conversation.assistant_id
    UNION
    SELECT conversation.thread_id, conversation.assistant_id
    FROM   conversation
           JOIN agent ON agent.assistant_id = conversation.assistant_id
           -- as hashes, since a million texts would not fit into memory
           JOIN (SELECT hashtextextended(said.thread_id, 0) AS thread, min(hashtextextended(COALESCE(said.opened, said.of_run, said.of_thread), 0)) AS id, max(hashtextextended(COALESCE(said.opened, said.of_run, said.of_thread), 0)) AS id_too
                 FROM   said
                 GROUP  BY 1) AS said ON said.thread = hashtextextended(conversation.thread_id, 0)
    -- most conversations ran where all evidence says
    WHERE  hashtextextended(conversation.assistant_id, 0) <> said.id OR hashtextextended(conversation.assistant_id, 0) <> said.id_too
), /* include: whose */
SELECT conversation.assistant_id,
       CASE WHEN stray.id IS NOT NULL AND agent.in_scope IS NOT TRUE THEN 'elsewhere'
            WHEN verdict.contradicts THEN 'contradicted' WHEN stray.id IS NULL THEN 'misrouted' ELSE 'stray' END AS kind,
       agent.agent_id::text, agent.organization_id::text, agent.name AS agent_name,
       wrong.agent_id::text AS ran_on_agent, count(*) AS conversations,
       min(conversation.thread_id COLLATE "C") AS first_thread, NULL::text[] AS users
FROM   held AS conversation
       JOIN told ON told.thread_id = conversation.thread_id
       JOIN verdict ON verdict.thread_id = conversation.thread_id
       JOIN agent ON agent.assistant_id = COALESCE(verdict.agent_id, verdict.named)
       JOIN langgraph_server.assistants AS assistant ON assistant.id = conversation.assistant_id
       LEFT JOIN stray ON stray.id = conversation.assistant_id
       LEFT JOIN agent AS wrong ON wrong.assistant_id = conversation.assistant_id
WHERE (stray.id IS NOT NULL AND conversation.thread_id !~ '^(user|cron) ')
OR    (verdict.crosses AND wrong.agent_id IS NOT NULL AND agent.in_scope
       AND conversation.assistant_id <> ANY (ARRAY[told.opened, told.opened_too, told.own, told.own_too]))
OR    (NOT verdict.contradicts AND wrong.agent_id <> agent.agent_id AND (agent.in_scope OR wrong.in_scope))
GROUP  BY 1, 2, 3, 4, 5, 6
UNION ALL
SELECT whose_cron.assistant_id,
       CASE WHEN whose_cron.contradicts THEN 'contradicted' WHEN agent.agent_id IS NULL THEN 'undecided_cron'
            WHEN agent.in_scope THEN 'cron' ELSE 'elsewhere' END,
       agent.agent_id::text, agent.organization_id::text, agent.name, NULL, count(*), NULL,
       array_agg(DISTINCT whose_cron.user_id)
FROM   whose_cron
       LEFT JOIN agent ON agent.assistant_id = whose_cron.agent_id AND agent.active
WHERE  NOT whose_cron.goes_along
GROUP  BY 1, 2, 3, 4, 5
ORDER  BY 3, 1, 2

-- people (fragment; slots: memberships): the organizations of each user
SELECT member.user_id, array_agg(member.organization_id::text) AS organizations
FROM  (/* slot: memberships */) AS member
GROUP  BY member.user_id

-- conversations_and_evidence (fragment; slots: agent_links, sessions, memberships): the conversations, and what the evidence says of threads
--
-- Each is a million rows where there are as many runs: whoever asks picks few of them.
agent_link AS NOT MATERIALIZED (/* slot: agent_links */), person AS (/* include: people */), conversation AS NOT MATERIALIZED (
    SELECT run.thread_id, run.assistant_id FROM langgraph_server.runs AS run
    UNION ALL
    SELECT thread.id, thread.metadata->>'assistant_id' FROM langgraph_server.threads AS thread
    WHERE  thread.metadata->>'assistant_id' <> ''
), said AS NOT MATERIALIZED (
    SELECT session.thread_id, session.agent_id::text AS opened, session.organization_id::text AS organization_id,
           NULL AS of_run, NULL AS of_thread
    FROM  (/* slot: sessions */) AS session
    UNION ALL
    SELECT run.thread_id, NULL, NULL, lower(run.metadata->>'agent_id'), NULL FROM langgraph_server.runs AS run
    WHERE  run.metadata->>'agent_id' <> ''
    UNION ALL
    SELECT thread.id, NULL, NULL, NULL, lower(thread.metadata->>'agent_id') FROM langgraph_server.threads AS thread
    WHERE  thread.metadata->>'agent_id' <> ''
)

-- whose (fragment; slots: rerouted, crons): the agent of each conversation in `held`, of each user's things on the rows in `stray`, and of each cron there
--
-- Sessions come first, then runs and thread. Evidence that contradicts decides nothing: it names two agents, or crosses
-- organizations, those of the session, of its agent, of the agent that runs or thread name, and of the thread's owner.
-- A user's memories and crons follow that user's own threads, those moved earlier included, where all of them belong to
-- one agent. A cron's metadata comes first, then its thread.
--
-- `opened` and `opened_too` are the first and the last agent that sessions name, `own` and `own_too` those that the runs'
-- metadata names, else the thread's own.
held_or_moved AS MATERIALIZED (
    SELECT held.assistant_id, held.thread_id FROM held JOIN stray ON stray.id = held.assistant_id
    UNION
    SELECT earlier.old_id, earlier.thread_id
    FROM  (/* slot: rerouted */) AS earlier
           JOIN stray ON stray.id = earlier.old_id
), cron AS MATERIALIZED (
    SELECT named.id, named.assistant_id, named.thread_id, named.says, named.runs_say, COALESCE(named.user_id, stray.owner) AS user_id
    FROM  (/* slot: crons */) AS named
           JOIN stray ON stray.id = named.assistant_id
), told AS MATERIALIZED (
    SELECT said.thread_id,
           min(said.opened) AS opened, COALESCE(min(said.of_run), min(said.of_thread)) AS own,
           max(said.opened) AS opened_too, COALESCE(max(said.of_run), min(said.of_thread)) AS own_too,
           min(said.organization_id) AS organization_id, max(said.organization_id) AS organization_id_too
    FROM  (SELECT held.thread_id FROM held
           UNION SELECT held_or_moved.thread_id FROM held_or_moved
           UNION SELECT cron.thread_id FROM cron) AS asked
           JOIN said ON said.thread_id = asked.thread_id
    GROUP  BY said.thread_id
), verdict AS MATERIALIZED (
    SELECT judged.thread_id, judged.named, judged.crosses, judged.is_torn OR judged.crosses AS contradicts,
           CASE WHEN NOT judged.is_torn AND NOT judged.crosses THEN judged.agent_id END AS agent_id
    FROM  (SELECT told.thread_id, COALESCE(told.opened, told.own) AS agent_id, COALESCE(told.own, told.opened) AS named,
                  COALESCE(told.opened <> told.opened_too, told.own <> told.own_too) AS is_torn,
                  COALESCE(told.organization_id <> told.organization_id_too
                           OR told.organization_id <> opened.organization_id::text
                           OR (told.organization_id <> COALESCE(own.organization_id, own_too.organization_id)::text
                               AND told.organization_id <> COALESCE(own_too.organization_id, own.organization_id)::text)
                           OR (told.opened IS NULL AND own.organization_id <> own_too.organization_id)
                           OR COALESCE(told.organization_id, own.organization_id::text) <> ALL (person.organizations), false) AS crosses
           FROM   told  -- joined by UUIDs, which the planner knows to be unique
                  LEFT JOIN agent_link AS opened ON opened.agent_id = told.opened::uuid
                  LEFT JOIN agent_link AS own ON own.agent_id =
                      CASE WHEN replace(told.own, '-', '') ~ '^[0-9a-f]{32}$' THEN replace(told.own, '-', '')::uuid END
                  LEFT JOIN agent_link AS own_too ON own_too.agent_id =
                      CASE WHEN replace(told.own_too, '-', '') ~ '^[0-9a-f]{32}$' THEN replace(told.own_too, '-', '')::uuid END
                  LEFT JOIN langgraph_server.threads AS thread ON thread.id = told.thread_id
                  LEFT JOIN person ON person.user_id = thread.metadata->>'owner') AS judged
), whole AS (
    -- a CASE and no HAVING, for which the planner expects a single row
    SELECT held_or_moved.assistant_id, thread.metadata->>'owner' AS user_id,
           CASE WHEN count(*) = count(verdict.agent_id) AND min(verdict.agent_id) = max(verdict.agent_id) THEN min(verdict.agent_id) END AS agent_id
    FROM   held_or_moved
           JOIN langgraph_server.threads AS thread ON thread.id = held_or_moved.thread_id
           LEFT JOIN verdict ON verdict.thread_id = held_or_moved.thread_id
    WHERE  thread.metadata->>'owner' <> ''
    GROUP  BY 1, 2
), whose_cron AS (
    SELECT cron.id, cron.assistant_id, cron.user_id, own.contradicts, CASE WHEN NOT own.contradicts THEN own.agent_id END AS agent_id,
           COALESCE(own.agent_id = verdict.agent_id AND held.thread_id IS NOT NULL, false) AS goes_along
    FROM   cron
           LEFT JOIN held ON held.thread_id = cron.thread_id AND held.assistant_id = cron.assistant_id
           LEFT JOIN verdict ON verdict.thread_id = cron.thread_id
           LEFT JOIN person ON person.user_id = cron.user_id
           LEFT JOIN whole ON whole.assistant_id = cron.assistant_id AND whole.user_id = cron.user_id
           LEFT JOIN agent_link AS agent ON agent.agent_id::text = COALESCE(cron.says, cron.runs_say, verdict.agent_id, whole.agent_id)
           CROSS JOIN LATERAL (
               SELECT agent.agent_id::text AS agent_id,
                      COALESCE(cron.says <> cron.runs_say OR agent.organization_id::text <> ALL (person.organizations)
                               OR (COALESCE(cron.says, cron.runs_say) IS NULL AND verdict.contradicts), false) AS contradicts) AS own
)

-- totals (langgraph; slots: lean_agents, config_hash = config_unread): the number of agents in scope, and of all assistants
SELECT (SELECT count(*) FROM (/* include: agents */) AS agent WHERE agent.in_scope)                             AS agents,
       (SELECT count(*) FROM langgraph_server.assistants AS stored) AS assistants
