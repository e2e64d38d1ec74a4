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
