"""A stand-in for the server's postgres_storage.py, with both of its bugs. The patch is applied to a copy.

Written for these tests. With that file it shares the names of classes, methods and columns.
"""

import json
from typing import Any
from uuid import uuid4

from tests.fractal_server import Assistant


def _generate_id() -> str:
    return uuid4().hex


class PostgresAssistantStore:
    """Assistants, each under a random id, each seen by its owner alone."""

    def __init__(self, get_connection: Any) -> None:
        self._get_connection = get_connection

    async def create(self, data: dict[str, Any], owner_id: str) -> Assistant:
        if "graph_id" not in data:
            raise ValueError("graph_id is required")
        stored_id = _generate_id()
        config, context = (json.dumps(data.get(key, {}), default=str) for key in ("config", "context"))
        metadata = json.dumps({**data.get("metadata", {}), "owner": owner_id}, default=str)
        row = await self._one(
            "INSERT INTO langgraph_server.assistants (id, graph_id, config, context, metadata, name, description)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING *",
            (stored_id, data["graph_id"], config, context, metadata, data.get("name"), data.get("description")),
        )
        return self._row_to_model(row)

    async def get(self, resource_id: str, owner_id: str) -> Assistant | None:
        row = await self._one(
            "SELECT * FROM langgraph_server.assistants WHERE id = %s AND metadata->>'owner' = %s",
            (resource_id, owner_id),
        )
        return None if row is None else self._row_to_model(row)

    async def list(self, owner_id: str, **filters: Any) -> list[Assistant]:
        async with self._get_connection() as connection:
            found = await connection.execute(
                "SELECT * FROM langgraph_server.assistants WHERE metadata->>'owner' = %s ORDER BY created_at DESC",
                (owner_id,),
            )
            every = [self._row_to_model(row) for row in await found.fetchall()]
        return [each for each in every if all(getattr(each, key) == value for key, value in filters.items())]

    async def count(self, owner_id: str, **filters: Any) -> int:
        return len(await self.list(owner_id, **filters))

    async def _one(self, query: str, values: tuple[Any, ...]) -> Any:
        async with self._get_connection() as connection:
            return await (await connection.execute(query, values)).fetchone()

    @classmethod
    def _row_to_model(cls, row: dict[str, Any]) -> Assistant:
        return Assistant(**{"assistant_id": row["id"], **row})


class PostgresThreadStore:
    """Not about assistants; only its name counts."""


class PostgresStorage:
    """The storage object."""

    def __init__(self, get_connection: Any) -> None:
        self.assistants = PostgresAssistantStore(get_connection)
        self.threads = PostgresThreadStore()
