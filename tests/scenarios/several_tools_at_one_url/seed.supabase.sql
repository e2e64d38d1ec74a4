-- a second tool at one URL: known to one assistant in the older shape, not known to the other
INSERT INTO public.mcp_tools (id, tool_name, endpoint_url, auth_required)
VALUES ('70000000-0000-4000-a000-000000000004', 'A-tool', 'http://127.0.0.1:55480/document', false);
INSERT INTO public.agent_mcp_tools (agent_id, mcp_tool_id)
SELECT id, '70000000-0000-4000-a000-000000000004' FROM public.agents WHERE id IN ('a0000000-0000-4000-a000-000000000001', 'a0000000-0000-4000-a000-000000000003');
