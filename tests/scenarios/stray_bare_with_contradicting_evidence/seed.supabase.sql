-- a thread that says two things says nothing
INSERT INTO public.chat_sessions (organization_id, agent_id, thread_id)
VALUES ('11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 't2');
INSERT INTO public.chat_sessions (organization_id, agent_id, thread_id)
VALUES ('11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 't2');
