"""Rows that the repair's tests add, read and hold."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.constants import ORGANIZATION
from tests.databases import Databases
from toolkit.database import addresses

OLD, OLDER = "1" * 31 + "a", "2" * 31 + "b"


def copy_of(agent_id: str, assistant_id: str) -> str:
    return (
        f"INSERT INTO langgraph_server.assistants SELECT '{assistant_id}', graph_id, config, context, metadata, name,"
        f" description, version, '2026-11-20', '2026-11-20' FROM langgraph_server.assistants"
        f" WHERE metadata->>'supabase_agent_id' = '{agent_id}' LIMIT 1;"
    )


def run_on(assistant_id: str, run_id: str = "r1") -> str:
    values = f"'{run_id}', 't1', '{assistant_id}'"
    return f"INSERT INTO langgraph_server.runs (id, thread_id, assistant_id) VALUES ({values});"


def rows_of(databases: Databases, agent_id: str) -> list[dict]:
    return databases.on_langgraph(
        "SELECT * FROM langgraph_server.assistants"
        f" WHERE id = '{agent_id}' OR metadata->>'supabase_agent_id' = '{agent_id}' ORDER BY id"
    )


@contextmanager
def held(side: addresses.Database, statement: str) -> Iterator[None]:
    """Let another session hold the locks of `statement`."""
    with psycopg.connect(side.conninfo.get_secret_value()) as other:
        other.execute(statement.encode())
        yield
        other.rollback()


def talk(databases: Databases, stray: str, threads: dict[str, str | None]) -> None:
    """Hold conversations on a user's row, in all places where a conversation stands."""
    databases.on_langgraph(
        f"INSERT INTO langgraph_server.assistants (id, graph_id, metadata) VALUES ('{stray}', 'agent', '{{\"owner\": "
        '"u"}\')'
    )
    for thread, agent in threads.items():
        named = f'\'{{"assistant_id": "{stray}"}}\''
        databases.on_langgraph(
            f"INSERT INTO langgraph_server.runs (id, thread_id, assistant_id) VALUES ('r-{thread}', '{thread}', "
            f"'{stray}');"
            f"INSERT INTO langgraph_server.threads (id, metadata) VALUES ('{thread}', {named}::jsonb || "
            '\'{"owner": "u"}\');'
            f"INSERT INTO langgraph_server.crons (id, schedule, thread_id, assistant_id) VALUES ('c-{thread}', '* * * "
            f"* *', '{thread}', '{stray}');"
            f"INSERT INTO public.checkpoints (thread_id, checkpoint_id, checkpoint, metadata) VALUES ('{thread}', "
            f"'1', '{{}}', {named})"
        )
        if agent:
            databases.on_supabase(
                "INSERT INTO public.chat_sessions (organization_id, agent_id, thread_id)"
                f" VALUES ('{ORGANIZATION}', '{agent}', '{thread}')"
            )
    databases.on_langgraph(
        f"INSERT INTO langgraph_server.store_items (namespace, key, owner_id) VALUES ('o/u/{stray}/facts', 'k', 'u')"
    )
