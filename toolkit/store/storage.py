"""The storage of a LangGraph-compatible server, as far as assistants go: its store and its tables."""

from toolkit import sql
from toolkit.store.assistants import PostgresAssistantStore
from toolkit.store.connections import GetConnection, Pool, connecting, run, writing

_MAKE = ("make_assistants", "make_threads", "make_thread_states", "make_runs", "make_store_items", "make_crons")
"""The statements that make the table in their name, in an order in which they can run."""


class PostgresStorage:
    """The assistants of a LangGraph-compatible server, and the tables of its schema."""

    def __init__(self, get_connection: GetConnection | Pool) -> None:
        """Keep `get_connection`, as `PostgresAssistantStore` has it."""
        self._get_connection = connecting(get_connection)
        self.assistants = PostgresAssistantStore(get_connection)

    async def setup(self) -> None:
        """Make the missing tables of schema `langgraph_server`, each with its indexes.

        A table that is there stays as it is. Servers that start together take turns.
        """
        async with writing(self._get_connection) as connection:
            await run(connection, sql.statement("lock_subject"), {"subject": "langgraph_server setup"})
            tables = {name.removeprefix("make_"): name for name in _MAKE}
            missing = await run(connection, sql.statement("missing_relations"), {"names": list(tables)})
            for name in ["make_schema", *(tables[each["name"]] for each in missing)] if missing else []:
                await connection.execute(sql.statement(name), prepare=False)
