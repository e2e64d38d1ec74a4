"""The lines that the README says to paste."""

import asyncio
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.constants import ONE, README
from tests.databases import connections
from toolkit import sql
from toolkit.store import Assistant


def test_the_first_look_can_be_pasted_and_shows_the_damage(clone: Callable[[str], str]) -> None:
    (pasted,) = (
        block for block in re.findall(r"```sql\n(.*?)```", README, re.DOTALL) if block.startswith("-- first_look")
    )
    assert pasted.strip() == sql.statement("first_look")
    with psycopg.connect(clone("broken")) as connection:
        rows = connection.execute(pasted.encode()).fetchall()
    assert [(found, copies) for _, _, _, found, copies, _ in rows] == [(False, 3)] * 5


def test_the_lines_of_the_readme_ask_and_swap_a_servers_store_and_sync(
    clone: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = clone("healthy")
    monkeypatch.setenv("SUPABASE_DB_URL", healthy)
    monkeypatch.setenv("LANGGRAPH_DB_URL", healthy)
    get_connection = connections(healthy, autocommit=False, row_factory=dict_row)
    storage = SimpleNamespace()
    names: dict[str, Any] = {"self": storage, "get_connection": get_connection, "Assistant": Assistant}
    for lines in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(lines, names)  # noqa: S102 - the README's own lines, run as they stand
    assert names["diagnosis"].report.verdict == "clean"

    async def swapped() -> None:
        made = await storage.assistants.create({"assistant_id": ONE, "graph_id": "agent"}, owner_id="system")
        assert made.assistant_id == ONE
        assert type(made) is Assistant
        scope = names["parse_agent_sync_scope"]("all")
        done = await names["startup_agent_sync"](get_connection, storage, scope=scope, owner_id="system")
        assert {"total": 5, "failed": 0}.items() <= done.items()
        assert await names["lazy_sync_agent"](get_connection, storage, agent_id=UUID(ONE), owner_id="user-1") == ONE
        assert await names["lazy_sync_agent"](get_connection, storage, agent_id=UUID(int=7), owner_id="user-1") is None

    asyncio.run(swapped())
