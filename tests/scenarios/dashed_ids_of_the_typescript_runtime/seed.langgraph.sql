-- the TypeScript runtime ignored the id that the sync passed in, too, and made random ids with dashes
UPDATE langgraph_server.assistants SET id = id::uuid::text;
