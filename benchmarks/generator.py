"""How do N healthy agents look?

Agents as on a platform of some size: prompts of 300 to 900 characters, one in three with tools, half with a
temperature, fifty to an organization. The same number gives the same rows.
"""

import psycopg
from psycopg import AsyncConnection

_FILL = """
INSERT INTO public.organizations (id, name)
SELECT md5('organization ' || n)::uuid, 'Organization ' || n FROM generate_series(0, %(agents)s / 50) AS n;

INSERT INTO public.ai_models (id, model_slug, runtime_model_name)
SELECT md5('model ' || n)::uuid, 'model-' || n, 'openai:gpt-4o-' || n FROM generate_series(0, 9) AS n;

INSERT INTO public.global_ai_engines (id, name, language_model_id)
SELECT md5('engine ' || n)::uuid, 'engine-' || n, md5('model ' || n)::uuid FROM generate_series(0, 9) AS n;

INSERT INTO public.mcp_tools (id, tool_name, endpoint_url, auth_required)
SELECT md5('tool ' || n)::uuid, 'tool-' || n, 'https://tools.example/' || n / 2 || '/mcp', n %% 3 = 0
FROM   generate_series(0, 39) AS n;

INSERT INTO public.agents (id, organization_id, name, graph_id, engine_id, system_prompt, temperature, max_tokens)
SELECT md5('agent ' || n)::uuid, md5('organization ' || n / 50)::uuid, 'Agent ' || n,
       CASE WHEN n %% 20 = 0 THEN 'research_agent' ELSE 'agent' END,
       CASE WHEN n %% 5 <> 0 THEN md5('engine ' || n %% 10)::uuid END,
       'You are assistant number ' || n || '. ' || repeat(md5('prompt ' || n) || ' "quoted" text ', 6 + n %% 12),
       CASE WHEN n %% 2 = 0 THEN (n %% 10) / 10.0 END,
       CASE WHEN n %% 4 = 0 THEN 1000 + n %% 1000 END
FROM   generate_series(1, %(agents)s) AS n;

INSERT INTO public.agent_mcp_tools (agent_id, mcp_tool_id)
SELECT md5('agent ' || n)::uuid, md5('tool ' || (n * 7 + k * 11) %% 40)::uuid
FROM   generate_series(3, %(agents)s, 3) AS n, generate_series(0, n %% 4) AS k;

ANALYZE
"""


async def fill(connection: AsyncConnection, agents: int) -> None:
    """Add `agents` agents to the empty Supabase side of `connection`, none of them synced.

    A `startup_agent_sync` afterwards makes them healthy.
    """
    async with psycopg.AsyncClientCursor(connection) as cursor:
        for statement in _FILL.split(";\n\n"):
            await cursor.execute(statement, {"agents": agents})
    await connection.commit()
