"""The storage of a LangGraph-compatible server, as far as assistants go: its store and its tables."""

from toolkit import sql
from toolkit.store.assistants import PostgresAssistantStore
from toolkit.store.connections import GetConnection, Pool, connecting, run, writing

_TABLES = {
    "assistants": "make_assistants",
    "threads": "make_threads",
    "thread_states": "make_thread_states",
    "runs": "make_runs",
    "store_items": "make_store_items",
    "crons": "make_crons",
}
"""The tables, in an order in which they can be made, each with the statement that makes it."""


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
            missing = await run(connection, sql.statement("missing_relations"), {"names": list(_TABLES)})
            for name in ["make_schema", *(_TABLES[each["name"]] for each in missing)] if missing else []:
                await connection.execute(sql.statement(name), prepare=False)
