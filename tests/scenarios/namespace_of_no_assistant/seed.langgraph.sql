-- namespaces whose third part is a word: shared by all assistants, or of three parts only; one names a removed assistant
INSERT INTO langgraph_server.store_items (namespace, key, owner_id)
VALUES ('11111111-1111-4111-8111-111111111111/a1b2c3d4-e5f6-7890-abcd-ef1234567890/global/preferences', 'k1', 'u'),
       ('{11111111-1111-4111-8111-111111111111,a1b2c3d4-e5f6-7890-abcd-ef1234567890,Global,preferences}', 'k2', 'u'),
       ('{11111111-1111-4111-8111-111111111111.a1b2c3d4-e5f6-7890-abcd-ef1234567890.todos}', 'k3', 'u'),
       ('11111111-1111-4111-8111-111111111111/a1b2c3d4-e5f6-7890-abcd-ef1234567890/2026-11-21/notes', 'k4', 'u'),
       ('11111111-1111-4111-8111-111111111111/a1b2c3d4-e5f6-7890-abcd-ef1234567890/0000000000000000000000000000000a/facts', 'k5', 'u');
INSERT INTO public.store (prefix, key, value) VALUES ('11111111-1111-4111-8111-111111111111.a1b2c3d4-e5f6-7890-abcd-ef1234567890.global.preferences', 'k6', '1');
-- an assistant of that name is one
INSERT INTO langgraph_server.assistants
SELECT 'Global', graph_id, config, context, metadata, name, description, version, '2026-11-20', '2026-11-20'
FROM   langgraph_server.assistants
WHERE  id = 'a0000000-0000-4000-a000-000000000001';
