"""A stand-in for the server that the store and the sync were made for: it makes that server's calls, and no others.

Written from the list of its calls in toolkit/agent_sync.py. What is not about assistants is only as long as it must be.
"""

import logging
import os
import uuid
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row
from pydantic import BaseModel, Field

from toolkit import agent_sync
from toolkit.store import PostgresAssistantStore, PostgresStorage

SYSTEM_OWNER_ID = "system"

log = logging.getLogger("server")

Answer = tuple[int, Any]
"""The status of an HTTP answer, and its body."""


class AssistantConfig(BaseModel):
    tags: list[str] = Field(default_factory=list)
    recursion_limit: int = 25
    configurable: dict[str, Any] = Field(default_factory=dict)


class Assistant(BaseModel):
    """The server's own model of an assistant; other defaults and types than ours."""

    assistant_id: str
    graph_id: str
    config: AssistantConfig = Field(default_factory=AssistantConfig)
    context: dict[str, Any] = Field(default_factory=dict)
    metadata: dict[str, Any] = Field(default_factory=dict)
    name: str | None = None
    description: str | None = None
    version: int = 1
    created_at: datetime
    updated_at: datetime


class Rows:
    """The server's own store of something that is not an assistant."""

    def __init__(self, get_connection: Callable[[], Any], table: str) -> None:
        self._get_connection = get_connection
        self._table = table

    async def count(self) -> int:
        async with self._get_connection() as connection:
            found = await connection.execute(f"SELECT count(*) AS rows FROM langgraph_server.{self._table}")
            return int((await found.fetchone())["rows"])


class Storage:
    """The server's storage object: all of it is its own, but the store of assistants."""

    def __init__(self, get_connection: Callable[[], Any], model: type[BaseModel] | None = Assistant) -> None:
        self._get_connection = get_connection
        self.assistants: Any = (
            PostgresAssistantStore(get_connection)
            if model is None
            else PostgresAssistantStore(get_connection, model=model)
        )
        self.threads, self.runs, self.store, self.crons = (
            Rows(get_connection, table) for table in ("threads", "runs", "store_items", "crons")
        )

    async def run_migrations(self) -> None:
        await PostgresStorage(self._get_connection).setup()

    async def clear_all(self) -> None:
        await self.assistants.clear()


def connections(conninfo: str) -> Callable[[], AbstractAsyncContextManager[Any]]:
    """Return the server's `get_connection`: autocommit, rows as dicts, a connection for each call."""

    async def connect() -> psycopg.AsyncConnection[dict[str, Any]]:
        return await psycopg.AsyncConnection.connect(
            conninfo, autocommit=True, prepare_threshold=None, row_factory=dict_row
        )

    class Connected:
        async def __aenter__(self) -> psycopg.AsyncConnection[dict[str, Any]]:
            self.connection = await connect()
            return self.connection

        async def __aexit__(self, *error: object) -> None:
            await self.connection.close()

    return Connected


class Server:
    """One process of the server: its start, and its routes of assistants."""

    def __init__(self, get_connection: Any, storage: Storage, *, is_in_development: bool = True) -> None:
        """Keep what the server passes to the sync: `get_connection`, or in an older revision its pool."""
        self.get_connection = get_connection
        self.storage = storage
        self._is_in_development = is_in_development

    async def start(self) -> dict[str, int] | None:
        """Make the tables, then sync; a sync that fails does not keep the server from starting."""
        await self.storage.run_migrations()
        try:
            scope = agent_sync.parse_agent_sync_scope(os.getenv("AGENT_SYNC_SCOPE", "none"))
        except ValueError as error:
            log.warning("agent sync skipped: %s", error)
            return None
        if scope.type == "none":
            return None
        try:
            return await agent_sync.startup_agent_sync(
                self.get_connection, self.storage, scope=scope, owner_id=SYSTEM_OWNER_ID
            )
        except Exception:
            log.exception("agent sync failed (non-fatal)")
            return None

    async def get(self, assistant_id: str, user: str) -> Answer:
        found = await self.storage.assistants.get(assistant_id, user)
        return (404, None) if found is None else (200, found.model_dump(mode="json"))

    async def post(self, body: dict[str, Any], user: str) -> Answer:
        """Sync the agent named, in development; then create the assistant, without passing `if_exists` on."""
        await self._sync_lazily(body.get("metadata", {}).get("supabase_agent_id"), user)
        if assistant_id := body.get("assistant_id"):
            existing = await self.storage.assistants.get(assistant_id, user)
            if existing is not None:
                return (200, existing.model_dump(mode="json")) if body.get("if_exists") == "do_nothing" else (409, None)
        data = {key: body.get(key, {}) for key in ("config", "context", "metadata")}
        data |= {key: body[key] for key in ("graph_id", "assistant_id") if key in body}
        data |= {key: body.get(key) for key in ("name", "description")}
        try:
            made = await self.storage.assistants.create(data, user)
        except ValueError as error:
            return 422, str(error)
        return 200, made.model_dump(mode="json")

    async def patch(self, assistant_id: str, body: dict[str, Any], user: str) -> Answer:
        if await self.storage.assistants.get(assistant_id, user) is None:
            return 404, None
        changed = await self.storage.assistants.update(assistant_id, body, user)
        return (404, None) if changed is None else (200, changed.model_dump(mode="json"))

    async def _sync_lazily(self, agent_id: str | None, user: str) -> None:
        if not self._is_in_development or not agent_id:
            return
        try:
            await agent_sync.lazy_sync_agent(
                self.get_connection, self.storage, agent_id=uuid.UUID(agent_id), owner_id=user
            )
        except ValueError:
            pass  # what it takes for an id that is none
        except Exception as error:
            log.warning("lazy sync skipped: %s", error)
