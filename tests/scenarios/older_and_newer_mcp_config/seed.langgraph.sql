-- the same servers in the newer shape, and in the older one in another order
UPDATE langgraph_server.assistants
SET    config = jsonb_set(config, '{configurable,mcp_config,servers}', '[{"name": "legal-mcp", "url": "http://127.0.0.1:55480/legal", "auth_required": false}, {"name": "supabase-mcp", "url": "http://127.0.0.1:55480/supabase/mcp", "auth_required": true}]')
WHERE  id = 'a0000000-0000-4000-a000-000000000002';
UPDATE langgraph_server.assistants
SET    config = jsonb_set(config, '{configurable,mcp_config,servers}', '[{"name": "server-1", "url": "http://127.0.0.1:55480/supabase/mcp", "tools": ["supabase-mcp"], "auth_required": true}, {"name": "server-2", "url": "http://127.0.0.1:55480/document", "tools": ["document-mcp"], "auth_required": true}]')
WHERE  id = 'a0000000-0000-4000-a000-000000000003';
