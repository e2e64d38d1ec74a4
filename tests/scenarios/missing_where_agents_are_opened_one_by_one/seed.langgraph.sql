-- three agents were opened, each by a user of its own; two were not yet
DELETE FROM langgraph_server.assistants WHERE id LIKE '%4' OR id LIKE '%5';
UPDATE langgraph_server.assistants SET created_at = created_at + substr(id, 36)::int * interval '1 hour';
