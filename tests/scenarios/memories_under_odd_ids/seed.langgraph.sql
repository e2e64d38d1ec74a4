-- ids with braces and backslashes, in namespaces of three parts and of five
INSERT INTO langgraph_server.assistants
SELECT '{a0000000-0000-4000-a000-000000000001}', graph_id, config, context, metadata, name, description, version, '2026-11-20', '2026-11-20'
FROM   langgraph_server.assistants
WHERE  id = 'a0000000-0000-4000-a000-000000000001';
INSERT INTO langgraph_server.assistants
SELECT 'back\1slash&', graph_id, config, context, metadata, name, description, version, '2026-11-20', '2026-11-20'
FROM   langgraph_server.assistants
WHERE  id = 'a0000000-0000-4000-a000-000000000002';
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('11111111-1111-4111-8111-111111111111/a1b2c3d4-e5f6-7890-abcd-ef1234567890/{a0000000-0000-4000-a000-000000000001}/facts', 'k1', '1', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 10:00:00+00');
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('11111111-1111-4111-8111-111111111111/a1b2c3d4-e5f6-7890-abcd-ef1234567890/back\1slash&/facts', 'k2', '1', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 10:00:00+00');
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('{11111111-1111-4111-8111-111111111111,a1b2c3d4-e5f6-7890-abcd-ef1234567890,back\1slash&}', 'k3', '1', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 10:00:00+00');
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('11111111-1111-4111-8111-111111111111/a1b2c3d4-e5f6-7890-abcd-ef1234567890/back\1slash&', 'k4', '1', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 10:00:00+00');
INSERT INTO public.store (prefix, key, value, updated_at) VALUES ('11111111-1111-4111-8111-111111111111.a1b2c3d4-e5f6-7890-abcd-ef1234567890.{a0000000-0000-4000-a000-000000000001}.facts', 'k5', '1', '2026-11-21 10:00:00+00');
INSERT INTO public.store (prefix, key, value, updated_at) VALUES ('11111111-1111-4111-8111-111111111111.a1b2c3d4-e5f6-7890-abcd-ef1234567890.back\1slash&.facts.more', 'k6', '1', '2026-11-21 10:00:00+00');
