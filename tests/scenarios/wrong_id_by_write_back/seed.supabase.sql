-- only the write-back tells whose row it is
UPDATE public.agents SET langgraph_assistant_id = '1111111111111111111111111111111a' WHERE id = 'a0000000-0000-4000-a000-000000000001';
