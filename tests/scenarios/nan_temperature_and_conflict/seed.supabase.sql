-- the id cannot be freed, since nothing can be written in its place: nothing may move there
UPDATE public.agents SET temperature = 'NaN', langgraph_assistant_id = NULL WHERE id = 'a0000000-0000-4000-a000-000000000001';
