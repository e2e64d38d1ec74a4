"""A repair while people write: nothing that they write is lost."""

import asyncio
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg.rows
from psycopg.types.json import Jsonb

from tests.broken_server import BrokenStore
from tests.campaigns.conftest import Copy
from tests.constants import USER
from tests.databases import Databases, run
from toolkit.database.addresses import Database
from toolkit.database.connection import connections_to
from toolkit.store import PostgresAssistantStore

TARGETS = """SELECT id AS assistant_id, metadata->>'supabase_agent_id' AS agent_id FROM langgraph_server.assistants
             WHERE  metadata->>'owner' = 'system' ORDER BY id"""


@contextmanager
def living(*lives: Callable[[threading.Event], None]) -> Iterator[None]:
    """Let each of these go on, in a thread of its own, until the context ends; what fails in one fails here."""
    ended = threading.Event()
    failures: list[BaseException] = []

    def live(life: Callable[[threading.Event], None]) -> None:
        try:
            life(ended)
        except BaseException as error:  # told to the thread that waits
            failures.append(error)

    threads = [threading.Thread(target=live, args=[life]) for life in lives]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]


def talking(langgraph: Database, targets: list[dict], written: dict[str, str]) -> Callable[[threading.Event], None]:
    """Open conversations with agents under the ids that an open tab still knows; note which agent each is with."""

    def life(ended: threading.Event) -> None:
        with psycopg.connect(
            langgraph.conninfo.get_secret_value(), autocommit=True, prepare_threshold=None
        ) as connection:
            while not ended.is_set():
                for target in targets[len(written) % len(targets) :][:1]:
                    key = f"life {uuid.uuid4()}"
                    connection.execute(
                        "INSERT INTO langgraph_server.threads (id, metadata) VALUES (%s, %s)",
                        [key, Jsonb({"assistant_id": target["assistant_id"]})],
                    )
                    connection.execute(
                        "INSERT INTO langgraph_server.runs (id, thread_id, assistant_id) VALUES (%s, %s, %s)",
                        [key, key, target["assistant_id"]],
                    )
                    connection.execute(
                        "INSERT INTO langgraph_server.store_items (namespace, key, owner_id) VALUES (%s, %s, %s)",
                        [f"org/{USER}/{target['assistant_id']}/facts", key, USER],
                    )
                    written[key] = target["agent_id"]

    return life


def making(langgraph: Database, made: list[str]) -> Callable[[threading.Event], None]:
    """Make assistants of a user's own through the fixed store."""

    async def create() -> None:
        store = PostgresAssistantStore(connections_to(langgraph))
        assistant = await store.create({"graph_id": "agent", "name": "mine"}, USER)
        made.append(assistant.assistant_id)

    def life(ended: threading.Event) -> None:
        while not ended.is_set():
            asyncio.run(create())

    return life


def copying(langgraph: Database, targets: list[dict]) -> Callable[[threading.Event], None]:
    """Make further copies, as the broken server does."""

    def life(ended: threading.Event) -> None:
        with psycopg.connect(
            langgraph.conninfo.get_secret_value(),
            autocommit=True,
            prepare_threshold=None,
            row_factory=psycopg.rows.dict_row,
        ) as connection:
            for target in targets:
                if ended.wait(0.02):
                    return
                data = {"graph_id": "agent", "metadata": {"supabase_agent_id": target["agent_id"]}}
                BrokenStore(connection).create(data, "system")

    return life


def test_nothing_is_lost_that_is_written_meanwhile(copy: Copy) -> None:
    databases: Databases = copy()
    targets = databases.on_langgraph(TARGETS)
    written: dict[str, str] = {}
    made: list[str] = []
    langgraph = databases.langgraph
    with living(talking(langgraph, targets, written), making(langgraph, made), copying(langgraph, targets)):
        databases.apply(databases.plan())
    databases.apply(databases.plan())  # what came in between
    assert written
    assert made
    assert databases.diagnose().open == 0
    conninfo = langgraph.conninfo.get_secret_value()
    expected = sorted(written.items())
    for found in (
        "SELECT id, assistant_id AS agent_id FROM langgraph_server.runs WHERE id LIKE 'life %'",
        "SELECT id, metadata->>'assistant_id' AS agent_id FROM langgraph_server.threads WHERE id LIKE 'life %'",
        "SELECT key AS id, split_part(namespace, '/', 3) AS agent_id FROM langgraph_server.store_items WHERE key LIKE "
        "'life %'",
    ):
        assert sorted((row["id"], row["agent_id"]) for row in run(conninfo, found)) == expected
    kept = {row["id"] for row in run(conninfo, "SELECT id FROM langgraph_server.assistants WHERE name = 'mine'")}
    assert kept == set(made)
