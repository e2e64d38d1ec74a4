-- tools_in_place: which agents an agent has as its tools, in the generation of public.agents that knows them
SELECT agent.id AS agent_id, tool.id AS tool_id
FROM  (SELECT NULL::uuid[] AS assistant_tool_ids) AS absent
       CROSS JOIN LATERAL (SELECT stored.id, assistant_tool_ids FROM public.agents AS stored) AS agent
       CROSS JOIN LATERAL unnest(agent.assistant_tool_ids) AS tool (id)

-- make_tools_copy: room for the tools beside the assistants, gone with the transaction
CREATE TEMPORARY TABLE tools_copy (agent_id uuid, tool_id uuid) ON COMMIT DROP

-- copy_tools_out: the tools, out of the Supabase side
COPY (
-- include: tools_in_place
) TO STDOUT

-- copy_tools_in: the tools, into the LangGraph side
COPY pg_temp.tools_copy FROM STDIN

-- analyze_tools_copy: let the planner know how many tools there are
ANALYZE pg_temp.tools_copy

-- tools_copied: which agents an agent has as its tools, as copied from the other server
SELECT * FROM pg_temp.tools_copy
