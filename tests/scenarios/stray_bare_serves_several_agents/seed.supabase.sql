-- one fallback row, three agents: the session says it, else the run, else the thread
INSERT INTO public.chat_sessions (organization_id, agent_id, thread_id)
VALUES ('11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 't1');
