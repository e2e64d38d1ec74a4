-- a user's memories under an old id, in all four spellings and in LangGraph's own store
UPDATE langgraph_server.assistants SET id = '1111111111111111111111111111111a' WHERE id = 'a0000000-0000-4000-a000-000000000001';
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('11111111-1111-4111-8111-111111111111/a1b2c3d4-e5f6-7890-abcd-ef1234567890/1111111111111111111111111111111a/facts', 'k1', '1', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{"assistant_id": "1111111111111111111111111111111a"}', '2026-11-21 10:00:00+00');
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('{11111111-1111-4111-8111-111111111111,a1b2c3d4-e5f6-7890-abcd-ef1234567890,1111111111111111111111111111111a,facts}', 'k1', '1', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 10:00:00+00');
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('{11111111-1111-4111-8111-111111111111/a1b2c3d4-e5f6-7890-abcd-ef1234567890/1111111111111111111111111111111a/facts}', 'k1', '1', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 10:00:00+00');
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('{11111111-1111-4111-8111-111111111111.a1b2c3d4-e5f6-7890-abcd-ef1234567890.1111111111111111111111111111111a.facts}', 'k1', '1', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 10:00:00+00');
INSERT INTO public.store (prefix, key, value, updated_at) VALUES ('11111111-1111-4111-8111-111111111111.a1b2c3d4-e5f6-7890-abcd-ef1234567890.1111111111111111111111111111111a.facts', 'k1', '1', '2026-11-21 10:00:00+00');
