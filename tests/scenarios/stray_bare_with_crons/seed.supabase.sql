-- every conversation that the user has on the row was with one agent; of the other row, with two
INSERT INTO public.chat_sessions (organization_id, agent_id, thread_id)
VALUES ('11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 't1'),
       ('11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 't2'),
       ('11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 't3');
