-- rows of hard-deleted agents, which write-backs name
DELETE FROM langgraph_server.assistants WHERE id <> 'a0000000-0000-4000-a000-000000000004';
UPDATE langgraph_server.assistants
SET    metadata = metadata || '{"supabase_organization_id": "11111111-1111-4111-8111-111111111111"}',
       config = jsonb_set(config, '{configurable,supabase_organization_id}', '"11111111-1111-4111-8111-111111111111"');
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata)
VALUES ('1111111111111111111111111111111a', 'agent', '{"configurable": {"system_prompt": "secret"}}',
        '{"owner": "system", "supabase_agent_id": "b0000000-0000-4000-b000-000000000001", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}'),
       ('2222222222222222222222222222222b', 'agent', '{"configurable": {"system_prompt": "secret"}}',
        '{"owner": "system", "supabase_agent_id": "an older spelling", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}'),
       ('3333333333333333333333333333333c', 'agent',
        '{"configurable": {"system_prompt": "secret", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}}', '{"owner": "system"}'),
       ('4444444444444444444444444444444d', 'agent', '{}',
        '{"owner": "system", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}');
