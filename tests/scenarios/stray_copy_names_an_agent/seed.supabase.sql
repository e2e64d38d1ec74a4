-- users' full copies that name an agent; one holds that agent's conversation
INSERT INTO public.chat_sessions (organization_id, agent_id, thread_id)
VALUES ('22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 't2');
