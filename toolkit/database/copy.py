"""COPY from one server to another, through poolers that may lose their server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString

import psycopg

from toolkit import sql

_AT_ONCE = 100
"""Rows of one write: a write costs more than a row."""


@dataclass(frozen=True)
class Copied:
    """A relation of one side, copied to a temporary table of the other side for one transaction."""

    table: LiteralString
    columns: LiteralString
    """The table's columns with their types, in the order of the rows that fill it."""
    analyzed: LiteralString | None = ""
    """The columns that ANALYZE reads, as in `(agent_id)`; empty: all of them; None: no ANALYZE."""
    form: LiteralString = ""
    """COPY's options, as in `(FORMAT binary)`; empty: text."""

    @property
    def make(self) -> LiteralString:  # a transaction that the caller began may have the table of another call
        make = "CREATE TEMPORARY TABLE " + self.table + " (" + self.columns + ") ON COMMIT DROP"
        return "DROP TABLE IF EXISTS pg_temp." + self.table + "; " + make

    @property
    def into(self) -> LiteralString:
        return "COPY pg_temp." + self.table + " FROM STDIN " + self.form

    @property
    def analyze(self) -> LiteralString:  # autovacuum cannot see a temporary table
        return "ANALYZE pg_temp." + self.table + " " + (self.analyzed or "")

    @property
    def rows(self) -> sql.Text:
        """The filler of a slot with the table's rows."""
        return sql.Text("SELECT * FROM pg_temp." + self.table)  # noqa: S608 - a literal of the code

    def out(self, select: LiteralString) -> LiteralString:
        """Return the COPY that reads the rows on the other side."""
        return "COPY (\n" + select + "\n) TO STDOUT " + self.form


@contextmanager
def unbroken() -> Iterator[None]:
    """Raise `OperationalError` if a pooler lost its server in a COPY.

    The pooler ends the COPY with two results, its own after the server's. psycopg expects one: in a COPY out it takes
    the second for another statement's, and in a COPY in it cannot unpack the two.
    """
    try:
        yield
    except (ValueError, psycopg.ProgrammingError) as error:
        if not any(sign in str(error) for sign in ("unpack", "mix COPY", "COPY cannot be mixed")):
            raise
        raise psycopg.OperationalError(f"the connection ended in a COPY: {error}") from None


def pour(source: psycopg.Copy, target: psycopg.Copy) -> None:
    """Pass the rows of a COPY on."""
    while block := b"".join([source.read() for _ in range(_AT_ONCE)]):
        target.write(block)


async def pour_async(source: psycopg.AsyncCopy, target: psycopg.AsyncCopy) -> None:
    """Pass the rows of a COPY on."""
    while block := b"".join([await source.read() for _ in range(_AT_ONCE)]):
        await target.write(block)
