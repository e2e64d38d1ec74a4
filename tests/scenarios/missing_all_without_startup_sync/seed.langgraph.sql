-- no agent was opened yet, and the server has no startup sync
DELETE FROM langgraph_server.assistants;
