-- the agent whose write-back the killed start did not come to
UPDATE public.agents SET langgraph_assistant_id = NULL WHERE id = 'a0000000-0000-4000-a000-000000000002';
