-- memories that would become one: of two old ones the newer moves, one already there stays
INSERT INTO langgraph_server.assistants
SELECT '1111111111111111111111111111111a', graph_id, config, context, metadata, name, description, version,
       '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00'
FROM   langgraph_server.assistants
WHERE  id = 'a0000000-0000-4000-a000-000000000001';
INSERT INTO langgraph_server.assistants
SELECT '2222222222222222222222222222222b', graph_id, config, context, metadata, name, description, version,
       '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00'
FROM   langgraph_server.assistants
WHERE  id = 'a0000000-0000-4000-a000-000000000001';
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('11111111-1111-4111-8111-111111111111/a1b2c3d4-e5f6-7890-abcd-ef1234567890/1111111111111111111111111111111a/facts', 'k1', '"older"', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 10:00:00+00');
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('11111111-1111-4111-8111-111111111111/a1b2c3d4-e5f6-7890-abcd-ef1234567890/2222222222222222222222222222222b/facts', 'k1', '"newer"', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 11:00:00+00');
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('{11111111-1111-4111-8111-111111111111,a1b2c3d4-e5f6-7890-abcd-ef1234567890,1111111111111111111111111111111a,facts}', 'k2', '"old"', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 10:00:00+00');
INSERT INTO langgraph_server.store_items (namespace, key, value, owner_id, metadata, updated_at)
VALUES ('{11111111-1111-4111-8111-111111111111,a1b2c3d4-e5f6-7890-abcd-ef1234567890,a0000000-0000-4000-a000-000000000001,facts}', 'k2', '"new"', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', '{}', '2026-11-21 10:00:00+00');
