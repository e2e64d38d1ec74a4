-- a second tool at one URL: known to one assistant in the older shape, not known to the other
UPDATE langgraph_server.assistants
SET    config = jsonb_set(config, '{configurable,mcp_config,servers,0,tools}', '["document-mcp", "A-tool"]')
WHERE  id = 'a0000000-0000-4000-a000-000000000001';
