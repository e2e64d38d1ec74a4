"""SQLAlchemy engines for questions of one's own, which only read."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, NullPool, create_engine

from toolkit.database.addresses import resolve
from toolkit.database.attempts import AskedOnce, naming


class _Cursor(psycopg.Cursor[Any]):
    """A cursor that ends the transaction after its statement, if SQLAlchemy asked for AUTOCOMMIT."""

    def execute(self, *arguments: Any, **options: Any) -> Any:
        with self.connection.statement(), self.connection.pipeline():  # type: ignore[attr-defined]
            return super().execute(*arguments, **options)  # a pipeline takes no COMMIT; with a second statement

    def executemany(self, *arguments: Any, **options: Any) -> None:
        with self.connection.statement():  # type: ignore[attr-defined]
            super().executemany(*arguments, **options)


class _ReadingConnection(AskedOnce, psycopg.Connection[Any]):
    """A connection whose transactions all begin as read-only, without any state of the session.

    psycopg begins a transaction for each statement that needs one, also under AUTOCOMMIT, which never reaches psycopg.
    """

    _ends_after_statement = False

    def set_autocommit(self, value: bool) -> None:
        self._ends_after_statement = value

    def set_read_only(self, value: bool | None) -> None:
        super().set_read_only(True)

    def cursor(self, *arguments: Any, **options: Any) -> Any:
        if self.info.transaction_status == TransactionStatus.IDLE:
            # a query, after which PostgreSQL refuses to make the transaction one that writes
            psycopg.Cursor(self).execute("SELECT pg_catalog.set_config('search_path', 'pg_catalog', true)")
        return super().cursor(*arguments, **options)

    @contextmanager
    def statement(self) -> Iterator[None]:
        try:
            yield
        finally:
            if self._ends_after_statement:
                with suppress(psycopg.Error):  # the statement's own error says more
                    self.rollback()


def engine(reference: str) -> Engine:
    """Return a SQLAlchemy engine on a database, for `pandas.read_sql`, and for `%sql` after `pip install jupysql`.

    Every transaction is read-only, also under AUTOCOMMIT, and has only pg_catalog in its search_path: write
    `public.agents` for `agents`. The engine's URL is empty and holds no password. Transaction poolers work.

        engine = toolkit.engine("env:SUPABASE_DB_URL")
        pandas.read_sql("SELECT id, name FROM public.agents", engine)

    Args:
        reference: `env:NAME`, `service:NAME` or `sandbox:SCENARIO`.

    Raises:
        ParameterError: if the reference cannot be used. Connecting raises ConnectionRefusedByServerError.
    """
    database = resolve(reference)

    def open_connection() -> _ReadingConnection:
        with naming(database) as conninfo:
            opened = _ReadingConnection.connect(
                conninfo, cursor_factory=_Cursor, prepare_threshold=None, connect_timeout=10, client_encoding="utf8"
            )
        opened.read_only = True
        return opened

    # Without a pool no idle connection holds a place in a session pooler, or is dead when it is asked.
    return create_engine("postgresql+psycopg://", creator=open_connection, poolclass=NullPool, use_native_hstore=False)
