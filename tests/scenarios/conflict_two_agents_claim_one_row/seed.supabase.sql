-- the write-backs of two agents name one row of the system that says no more
UPDATE public.agents SET langgraph_assistant_id = '1111111111111111111111111111111a' WHERE id IN ('a0000000-0000-4000-a000-000000000001', 'a0000000-0000-4000-a000-000000000002');
