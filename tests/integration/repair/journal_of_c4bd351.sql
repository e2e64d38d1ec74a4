-- A journal that commit c4bd351 made, when it repaired two agents of the scenario `broken`, and what it did to their rows.
--
-- A line that begins with `-- on` names the side of what follows. `after` is done by that commit, `before` came first.
-- on supabase: before
UPDATE public.agents SET langgraph_assistant_id = NULL WHERE id = 'a0000000-0000-4000-a000-000000000001';
-- on langgraph: before
UPDATE langgraph_server.assistants SET id = 'a0000000-0000-4000-a000-000000000002' WHERE id = (
    SELECT id FROM langgraph_server.assistants
    WHERE metadata->>'supabase_agent_id' = 'a0000000-0000-4000-a000-000000000002' ORDER BY created_at DESC LIMIT 1);
INSERT INTO langgraph_server.runs (id, thread_id, assistant_id, created_at, updated_at)
VALUES ('r1', 't1', '475ee6a8c60f46b885e1079bec764fbd', '2026-11-20', '2026-11-20');
-- on both: after
CREATE SCHEMA assistant_repair;
REVOKE ALL ON SCHEMA assistant_repair FROM PUBLIC;
CREATE TABLE assistant_repair.runs (
    run_id                text PRIMARY KEY,
    digest                text NOT NULL,
    scope                 text NOT NULL,
    toolkit_version       text NOT NULL,
    supabase_fingerprint  text NOT NULL,
    langgraph_fingerprint text NOT NULL,
    agents                int NOT NULL,
    started_at            timestamptz NOT NULL,
    finished_at           timestamptz,
    undoing_since         timestamptz,
    undone_at             timestamptz,
    forgotten_at          timestamptz
);
CREATE TABLE assistant_repair.steps (
    run_id       text NOT NULL,
    number       int NOT NULL,
    kind         text NOT NULL,
    finding      text NOT NULL,
    agent_id     text NOT NULL,
    agent_name   text NOT NULL,
    assistant_id text,
    canonical_id text,
    expects      text
);
CREATE INDEX steps_in_order ON assistant_repair.steps (run_id, number);
CREATE TABLE assistant_repair.batches (
    run_id text NOT NULL,
    phase  text NOT NULL,
    first  int NOT NULL,
    last   int NOT NULL,
    counts jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX batches_of_run ON assistant_repair.batches (run_id, phase);
CREATE TABLE assistant_repair.left_alone (
    run_id       text NOT NULL,
    agent_id     text NOT NULL,
    agent_name   text NOT NULL,
    finding      text NOT NULL,
    assistant_id text,
    reason       text NOT NULL,
    number       int NOT NULL,
    is_held      boolean NOT NULL DEFAULT false
);
CREATE INDEX left_alone_of_run ON assistant_repair.left_alone (run_id, agent_id);
CREATE TABLE assistant_repair.images (
    image_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id     text NOT NULL,
    agent_id   text NOT NULL,
    place      text NOT NULL,
    key        text NOT NULL,
    before     jsonb,
    after_hash text,
    undone_at  timestamptz
);
CREATE INDEX images_of_agent ON assistant_repair.images (run_id, agent_id);
CREATE TABLE assistant_repair.moves (
    run_id    text NOT NULL,
    place     text NOT NULL,
    key       jsonb NOT NULL,
    old_id    text NOT NULL,
    new_id    text NOT NULL,
    undone_at timestamptz
);
CREATE INDEX moves_of_run ON assistant_repair.moves USING brin (run_id);
CREATE TABLE assistant_repair.known (
    run_id   text NOT NULL,
    place    text NOT NULL,
    key      jsonb NOT NULL,
    agent_id text NOT NULL
);
CREATE INDEX known_of_run ON assistant_repair.known (run_id, agent_id);
CREATE TABLE assistant_repair.id_map (
    old_id   text NOT NULL,
    run_id   text NOT NULL,
    agent_id uuid NOT NULL,
    new_id   text NOT NULL,
    PRIMARY KEY (old_id, run_id)
);
CREATE INDEX id_map_of_run ON assistant_repair.id_map (run_id, new_id);
CREATE TABLE assistant_repair.rerouted (
    run_id    text NOT NULL,
    thread_id text NOT NULL,
    old_id    text NOT NULL,
    new_id    text NOT NULL
);
CREATE INDEX rerouted_of_run ON assistant_repair.rerouted (run_id, old_id, thread_id);
CREATE TABLE assistant_repair.lease (
    is_the_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_one),
    holder     text,
    who        text,
    since      timestamptz,
    renewed_at timestamptz
);
-- on supabase: after
INSERT INTO assistant_repair.images OVERRIDING SYSTEM VALUE VALUES (1, 'run-1', 'a0000000-0000-4000-a000-000000000001', 'public.agents', 'a0000000-0000-4000-a000-000000000001', '{"langgraph_assistant_id": null}', 'a0000000-0000-4000-a000-000000000001', NULL);
INSERT INTO assistant_repair.lease VALUES (true, NULL, NULL, NULL, NULL);
INSERT INTO assistant_repair.runs VALUES ('run-1', 'b7e3720895de6e713e7b41f0300b5cc2027eb54d74502e110d2a0800305d68e8', 'all', '0.1.0', '7712517371347029080:17108', '7712517371347029080:17109', 2, '2026-11-26 16:26:25.285948+00', '2026-11-26 16:26:25.354578+00', NULL, NULL, NULL);
INSERT INTO assistant_repair.steps VALUES ('run-1', 0, 'update', 'drift', 'a0000000-0000-4000-a000-000000000001', 'Dokumenten-Assistent', '475ee6a8c60f46b885e1079bec764fbd', 'a0000000-0000-4000-a000-000000000001', '705e147f910133d779fb19c0cbec337b ae6fba9e1087f6c2cc67c0a0c8457df7');
INSERT INTO assistant_repair.steps VALUES ('run-1', 0, 'write_back', 'not_written_back', 'a0000000-0000-4000-a000-000000000001', 'Dokumenten-Assistent', NULL, 'a0000000-0000-4000-a000-000000000001', NULL);
INSERT INTO assistant_repair.steps VALUES ('run-1', 1, 'update', 'drift', 'a0000000-0000-4000-a000-000000000002', 'Rechts-Assistent', 'a0000000-0000-4000-a000-000000000002', 'a0000000-0000-4000-a000-000000000002', 'd88e14c58afe307d6b117cb603e53b88 d2712e8d2234fa43fb31e81a8c64116d');
SELECT pg_catalog.setval('assistant_repair.images_image_id_seq', 1, true);
UPDATE public.agents SET langgraph_assistant_id = id::text WHERE id = 'a0000000-0000-4000-a000-000000000001';
-- on langgraph: after
INSERT INTO assistant_repair.batches VALUES ('run-1', 'know', 0, 1, '{}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'making assistants under their agents'' ids', 0, 2, '{"rekey": 1, "update": 2}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'writing ids back to Supabase', 0, 2, '{"write_back": 1}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'remember', 0, 1, '{}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'move id_map runs.assistant_id', 0, 1, '{"move": 1}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'moved id_map runs.assistant_id', 0, 1, '{}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'moved id_map crons.assistant_id', 0, 1, '{}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'moved id_map crons.payload.assistant_id', 0, 1, '{}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'moved id_map crons.payload.config.configurable.assistant_id', 0, 1, '{}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'moved id_map threads.metadata.assistant_id', 0, 1, '{}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'moved id_map store_items.namespace', 0, 1, '{}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'moved id_map store_items.metadata.assistant_id', 0, 1, '{}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'moved id_map public.checkpoints.metadata.assistant_id', 0, 1, '{}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'moved id_map public.store.prefix', 0, 1, '{}');
INSERT INTO assistant_repair.batches VALUES ('run-1', 'removing old copies', 0, 2, '{"remove": 4}');
INSERT INTO assistant_repair.id_map VALUES ('475ee6a8c60f46b885e1079bec764fbd', 'run-1', 'a0000000-0000-4000-a000-000000000001', 'a0000000-0000-4000-a000-000000000001');
INSERT INTO assistant_repair.id_map VALUES ('7854d4e0113843599474d0cab82a7b72', 'run-1', 'a0000000-0000-4000-a000-000000000001', 'a0000000-0000-4000-a000-000000000001');
INSERT INTO assistant_repair.id_map VALUES ('a87bb488f1af48149004cd837b230269', 'run-1', 'a0000000-0000-4000-a000-000000000001', 'a0000000-0000-4000-a000-000000000001');
INSERT INTO assistant_repair.id_map VALUES ('5beb108141e14002ac14e7ebc0abdd28', 'run-1', 'a0000000-0000-4000-a000-000000000002', 'a0000000-0000-4000-a000-000000000002');
INSERT INTO assistant_repair.id_map VALUES ('f9e7a151c85d40c1a9fdc0bb104a071a', 'run-1', 'a0000000-0000-4000-a000-000000000002', 'a0000000-0000-4000-a000-000000000002');
INSERT INTO assistant_repair.images OVERRIDING SYSTEM VALUE VALUES (1, 'run-1', 'a0000000-0000-4000-a000-000000000001', 'langgraph_server.assistants', 'a0000000-0000-4000-a000-000000000001', NULL, 'ba093a1f807fb056976ae691daeaf7dd', NULL);
INSERT INTO assistant_repair.images OVERRIDING SYSTEM VALUE VALUES (2, 'run-1', 'a0000000-0000-4000-a000-000000000002', 'langgraph_server.assistants', 'a0000000-0000-4000-a000-000000000002', '{"id": "a0000000-0000-4000-a000-000000000002", "name": null, "config": {"configurable": {"max_tokens": 2000, "mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/legal", "name": "server-1", "tools": ["legal-mcp"], "auth_required": false}, {"url": "http://127.0.0.1:55480/supabase/mcp", "name": "server-2", "tools": ["supabase-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "temperature": 0.3, "system_prompt": "Du bist ein Rechts-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}, "context": {}, "version": 1, "graph_id": "agent", "metadata": {"owner": "system", "synced_at": "2026-11-22T19:00:59.303248+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000002", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}, "created_at": "2026-11-22T19:00:59.315802+00:00", "updated_at": "2026-11-22T19:00:59.315802+00:00", "description": null}', '300777f3534294caec7631f5cb2cfd8f', NULL);
INSERT INTO assistant_repair.images OVERRIDING SYSTEM VALUE VALUES (3, 'run-1', 'a0000000-0000-4000-a000-000000000001', 'langgraph_server.assistants', '7854d4e0113843599474d0cab82a7b72', '{"id": "7854d4e0113843599474d0cab82a7b72", "name": null, "config": {"configurable": {"mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/document", "name": "server-1", "tools": ["document-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "system_prompt": "Du bist ein Dokumenten-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}, "context": {}, "version": 1, "graph_id": "agent", "metadata": {"owner": "system", "synced_at": "2026-11-22T19:00:55.334836+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000001", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}, "created_at": "2026-11-22T19:00:55.347538+00:00", "updated_at": "2026-11-22T19:00:55.347538+00:00", "description": null}', NULL, NULL);
INSERT INTO assistant_repair.images OVERRIDING SYSTEM VALUE VALUES (4, 'run-1', 'a0000000-0000-4000-a000-000000000002', 'langgraph_server.assistants', 'f9e7a151c85d40c1a9fdc0bb104a071a', '{"id": "f9e7a151c85d40c1a9fdc0bb104a071a", "name": null, "config": {"configurable": {"max_tokens": 2000, "mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/legal", "name": "server-1", "tools": ["legal-mcp"], "auth_required": false}, {"url": "http://127.0.0.1:55480/supabase/mcp", "name": "server-2", "tools": ["supabase-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "temperature": 0.3, "system_prompt": "Du bist ein Rechts-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}, "context": {}, "version": 1, "graph_id": "agent", "metadata": {"owner": "system", "synced_at": "2026-11-22T19:00:55.396066+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000002", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}, "created_at": "2026-11-22T19:00:55.407203+00:00", "updated_at": "2026-11-22T19:00:55.407203+00:00", "description": null}', NULL, NULL);
INSERT INTO assistant_repair.images OVERRIDING SYSTEM VALUE VALUES (5, 'run-1', 'a0000000-0000-4000-a000-000000000001', 'langgraph_server.assistants', 'a87bb488f1af48149004cd837b230269', '{"id": "a87bb488f1af48149004cd837b230269", "name": null, "config": {"configurable": {"mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/document", "name": "server-1", "tools": ["document-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "system_prompt": "Du bist ein Dokumenten-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}, "context": {}, "version": 1, "graph_id": "agent", "metadata": {"owner": "system", "synced_at": "2026-11-22T19:00:57.121791+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000001", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}, "created_at": "2026-11-22T19:00:57.127329+00:00", "updated_at": "2026-11-22T19:00:57.127329+00:00", "description": null}', NULL, NULL);
INSERT INTO assistant_repair.images OVERRIDING SYSTEM VALUE VALUES (6, 'run-1', 'a0000000-0000-4000-a000-000000000002', 'langgraph_server.assistants', '5beb108141e14002ac14e7ebc0abdd28', '{"id": "5beb108141e14002ac14e7ebc0abdd28", "name": null, "config": {"configurable": {"max_tokens": 2000, "mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/legal", "name": "server-1", "tools": ["legal-mcp"], "auth_required": false}, {"url": "http://127.0.0.1:55480/supabase/mcp", "name": "server-2", "tools": ["supabase-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "temperature": 0.3, "system_prompt": "Du bist ein Rechts-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}, "context": {}, "version": 1, "graph_id": "agent", "metadata": {"owner": "system", "synced_at": "2026-11-22T19:00:57.170760+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000002", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}, "created_at": "2026-11-22T19:00:57.18061+00:00", "updated_at": "2026-11-22T19:00:57.18061+00:00", "description": null}', NULL, NULL);
INSERT INTO assistant_repair.images OVERRIDING SYSTEM VALUE VALUES (7, 'run-1', 'a0000000-0000-4000-a000-000000000001', 'langgraph_server.assistants', '475ee6a8c60f46b885e1079bec764fbd', '{"id": "475ee6a8c60f46b885e1079bec764fbd", "name": null, "config": {"configurable": {"mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/document", "name": "server-1", "tools": ["document-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "system_prompt": "Du bist ein Dokumenten-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}, "context": {}, "version": 1, "graph_id": "agent", "metadata": {"owner": "system", "synced_at": "2026-11-22T19:00:59.249879+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000001", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}, "created_at": "2026-11-22T19:00:59.256884+00:00", "updated_at": "2026-11-22T19:00:59.256884+00:00", "description": null}', NULL, NULL);
INSERT INTO assistant_repair.lease VALUES (true, NULL, NULL, NULL, NULL);
INSERT INTO assistant_repair.moves VALUES ('run-1', 'runs.assistant_id', '["r1"]', '475ee6a8c60f46b885e1079bec764fbd', 'a0000000-0000-4000-a000-000000000001', NULL);
INSERT INTO assistant_repair.runs VALUES ('run-1', 'b7e3720895de6e713e7b41f0300b5cc2027eb54d74502e110d2a0800305d68e8', 'all', '0.1.0', '7712517371347029080:17108', '7712517371347029080:17109', 2, '2026-11-26 16:26:25.285948+00', '2026-11-26 16:26:25.354957+00', NULL, NULL, NULL);
INSERT INTO assistant_repair.steps VALUES ('run-1', 0, 'rekey', 'wrong_id', 'a0000000-0000-4000-a000-000000000001', 'Dokumenten-Assistent', '475ee6a8c60f46b885e1079bec764fbd', 'a0000000-0000-4000-a000-000000000001', '705e147f910133d779fb19c0cbec337b');
INSERT INTO assistant_repair.steps VALUES ('run-1', 0, 'remove', 'duplicate', 'a0000000-0000-4000-a000-000000000001', 'Dokumenten-Assistent', '7854d4e0113843599474d0cab82a7b72', 'a0000000-0000-4000-a000-000000000001', '18fb62f9277f9b0d3819b844cb09b4af');
INSERT INTO assistant_repair.steps VALUES ('run-1', 0, 'remove', 'duplicate', 'a0000000-0000-4000-a000-000000000001', 'Dokumenten-Assistent', 'a87bb488f1af48149004cd837b230269', 'a0000000-0000-4000-a000-000000000001', '49b6f6c90e73da6e41d5425706b229ba');
INSERT INTO assistant_repair.steps VALUES ('run-1', 0, 'update', 'drift', 'a0000000-0000-4000-a000-000000000001', 'Dokumenten-Assistent', '475ee6a8c60f46b885e1079bec764fbd', 'a0000000-0000-4000-a000-000000000001', '705e147f910133d779fb19c0cbec337b ae6fba9e1087f6c2cc67c0a0c8457df7');
INSERT INTO assistant_repair.steps VALUES ('run-1', 0, 'write_back', 'not_written_back', 'a0000000-0000-4000-a000-000000000001', 'Dokumenten-Assistent', NULL, 'a0000000-0000-4000-a000-000000000001', NULL);
INSERT INTO assistant_repair.steps VALUES ('run-1', 0, 'move', 'dangling_reference', 'a0000000-0000-4000-a000-000000000001', 'Dokumenten-Assistent', NULL, 'a0000000-0000-4000-a000-000000000001', NULL);
INSERT INTO assistant_repair.steps VALUES ('run-1', 1, 'remove', 'duplicate', 'a0000000-0000-4000-a000-000000000002', 'Rechts-Assistent', '5beb108141e14002ac14e7ebc0abdd28', 'a0000000-0000-4000-a000-000000000002', 'cd375ee3a42a84c214d32dde13e4aa73');
INSERT INTO assistant_repair.steps VALUES ('run-1', 1, 'remove', 'duplicate', 'a0000000-0000-4000-a000-000000000002', 'Rechts-Assistent', 'f9e7a151c85d40c1a9fdc0bb104a071a', 'a0000000-0000-4000-a000-000000000002', 'f50085de9e01f83aa092fbd9b2063f7b');
INSERT INTO assistant_repair.steps VALUES ('run-1', 1, 'update', 'drift', 'a0000000-0000-4000-a000-000000000002', 'Rechts-Assistent', 'a0000000-0000-4000-a000-000000000002', 'a0000000-0000-4000-a000-000000000002', 'd88e14c58afe307d6b117cb603e53b88 d2712e8d2234fa43fb31e81a8c64116d');
SELECT pg_catalog.setval('assistant_repair.images_image_id_seq', 7, true);
UPDATE langgraph_server.runs SET assistant_id = 'a0000000-0000-4000-a000-000000000001' WHERE id = 'r1';
DELETE FROM langgraph_server.assistants WHERE id IN (
    '7854d4e0113843599474d0cab82a7b72', 'f9e7a151c85d40c1a9fdc0bb104a071a', 'a87bb488f1af48149004cd837b230269',
    '5beb108141e14002ac14e7ebc0abdd28', '475ee6a8c60f46b885e1079bec764fbd', 'a0000000-0000-4000-a000-000000000002');
INSERT INTO langgraph_server.assistants VALUES ('a0000000-0000-4000-a000-000000000002', 'agent', '{"configurable": {"max_tokens": 2000, "mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/legal", "name": "legal-mcp", "auth_required": false}, {"url": "http://127.0.0.1:55480/supabase/mcp", "name": "supabase-mcp", "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "temperature": 0.3, "system_prompt": "Du bist ein Rechts-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}', '{}', '{"owner": "system", "synced_at": "2026-11-26T16:26:25.285948+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000002", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}', 'Rechts-Assistent', NULL, 2, '2026-11-22 19:00:59.315802+00', '2026-11-26 16:26:25.285948+00');
INSERT INTO langgraph_server.assistants VALUES ('a0000000-0000-4000-a000-000000000001', 'agent', '{"configurable": {"mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/document", "name": "document-mcp", "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "system_prompt": "Du bist ein Dokumenten-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}', '{}', '{"owner": "system", "synced_at": "2026-11-26T16:26:25.285948+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000001", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}', 'Dokumenten-Assistent', NULL, 2, '2026-11-22 19:00:59.256884+00', '2026-11-26 16:26:25.285948+00');
