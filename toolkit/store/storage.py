"""The storage of a LangGraph-compatible server, as far as assistants go: its store, and the tables."""

from toolkit import sql
from toolkit.store.assistants import GetConnection, Pool, PostgresAssistantStore, connecting, run, writing


class PostgresStorage:
    """Bear the assistants of a LangGraph-compatible server, and make its tables."""

    def __init__(self, get_connection: GetConnection | Pool) -> None:
        """Keep `get_connection`, as `PostgresAssistantStore` has it."""
        self._get_connection = connecting(get_connection)
        self.assistants = PostgresAssistantStore(get_connection)

    async def setup(self) -> None:
        """Make the tables of schema `langgraph_server` where they are not there; servers that start together wait in turn."""
        async with writing(self._get_connection) as connection:
            await connection.execute(sql.statement("lock_setup"), prepare=False)
            if not (await run(connection, "is_set_up", {}))[0]["is_set_up"]:
                await connection.execute(sql.statement("set_up"), prepare=False)
