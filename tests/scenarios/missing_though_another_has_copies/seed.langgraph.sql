-- copies come from restarts, so the server has a startup sync; it fails for one agent
DELETE FROM langgraph_server.assistants WHERE NOT id LIKE '%1';
INSERT INTO langgraph_server.assistants (id, graph_id, config, metadata, name, created_at)
SELECT md5(id), graph_id, config, metadata, name, created_at - interval '1 day' FROM langgraph_server.assistants;
