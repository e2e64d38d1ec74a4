-- reachable_agents: every agent in scope, its desired content, and whether this user's organizations have it
SELECT desired.assistant_id, desired.config,
       %(user_id)s = '' OR NOT EXISTS (SELECT FROM public.organization_members AS member WHERE member.user_id::text = %(user_id)s)
       OR EXISTS (SELECT FROM public.organization_members AS member
                  WHERE  member.user_id::text = %(user_id)s AND member.organization_id = desired.organization_id) AS reachable
FROM  (
-- include: desired_assistants
      ) AS desired
WHERE  desired.in_scope AND desired.at_startup AND desired.problem IS NULL
ORDER  BY desired.assistant_id

-- organization_names: what these organizations are called
SELECT organization.id::text AS id, organization.name
FROM   public.organizations AS organization
WHERE  organization.id::text = ANY (%(ids)s)
ORDER  BY organization.id

-- desired_configs: what these agents' configs ought to be
SELECT desired.assistant_id, desired.config
FROM  (
-- include: desired_assistants
      ) AS desired
WHERE  desired.agent_id = ANY (%(agent_ids)s::uuid[])
ORDER  BY desired.assistant_id

-- stored_configs: what these assistants' configs are
SELECT stored.id, stored.config
FROM   langgraph_server.assistants AS stored
WHERE  stored.id = ANY (%(ids)s)
ORDER  BY stored.id
