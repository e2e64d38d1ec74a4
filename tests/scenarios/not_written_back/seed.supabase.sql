-- null, another id, another spelling, empty
UPDATE public.agents SET langgraph_assistant_id = NULL WHERE id = 'a0000000-0000-4000-a000-000000000001';
UPDATE public.agents SET langgraph_assistant_id = '1111111111111111111111111111111a' WHERE id = 'a0000000-0000-4000-a000-000000000002';
UPDATE public.agents SET langgraph_assistant_id = upper(id::text) WHERE id = 'a0000000-0000-4000-a000-000000000003';
UPDATE public.agents SET langgraph_assistant_id = '' WHERE id = 'a0000000-0000-4000-a000-000000000004';
