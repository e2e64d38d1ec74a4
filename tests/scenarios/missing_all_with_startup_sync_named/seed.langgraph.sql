-- the startup sync failed for every agent
DELETE FROM langgraph_server.assistants;
