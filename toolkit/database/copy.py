"""COPY from one server to another, through poolers that may lose their server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg.abc import Buffer

from toolkit import sql

_BLOCK = 1 << 16
"""Bytes that are gathered, since a write costs more than a row."""


@dataclass(frozen=True)
class Copied:
    """A relation of one side in a temporary table of the other side, which goes with the transaction."""

    table: LiteralString
    columns: LiteralString
    """The table's columns with their types, in the order of the rows that fill it."""
    analyzed: LiteralString | None = ""
    """The columns that ANALYZE reads, as in `(agent_id)`; empty: all of them; None: the table is read as it is."""
    form: LiteralString = ""
    """COPY's options, as in `(FORMAT binary)`; empty: text."""

    @property
    def make(self) -> LiteralString:
        return "CREATE TEMPORARY TABLE " + self.table + " (" + self.columns + ") ON COMMIT DROP"

    @property
    def into(self) -> LiteralString:
        return "COPY pg_temp." + self.table + " FROM STDIN " + self.form

    @property
    def analyze(self) -> LiteralString:  # autovacuum does not see a temporary table
        return "ANALYZE pg_temp." + self.table + " " + (self.analyzed or "")

    @property
    def rows(self) -> sql.Text:
        """What fills a slot with the table's rows."""
        return sql.Text("SELECT * FROM pg_temp." + self.table)  # noqa: S608 - a literal of the code

    def out(self, select: LiteralString) -> LiteralString:
        """Return the COPY that reads the rows on the other side."""
        return "COPY (\n" + select + "\n) TO STDOUT " + self.form


@contextmanager
def unbroken() -> Iterator[None]:
    """Say as any lost connection is said that a pooler lost its server in a COPY.

    It ends the COPY with two results then, its own after the server's, and psycopg expects one: it takes the second
    for another statement's at the start and in a COPY out, and cannot unpack the two in a COPY in.
    """
    try:
        yield
    except (ValueError, psycopg.ProgrammingError) as error:
        if not any(sign in str(error) for sign in ("unpack", "mix COPY", "COPY cannot be mixed")):
            raise
        raise psycopg.OperationalError(f"the connection ended in a COPY: {error}") from None


class InOneGo(psycopg.copy.LibpqWriter):
    """Sends what a COPY takes in when it ends, so that server and client work in turns.

    On a small machine that leaves a core for others. As much as is written has to fit into memory.
    """

    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        super().__init__(cursor)
        self._block = bytearray()

    def write(self, data: Buffer) -> None:
        """Keep it."""
        self._block += data

    def finish(self, exc: BaseException | None = None) -> None:
        """Send it, unless something went wrong meanwhile."""
        if exc is None:
            super().write(bytes(self._block))
        super().finish(exc)


def pour(source: psycopg.Copy, target: psycopg.Copy) -> None:
    """Pass COPY's rows on, in blocks."""
    block = bytearray()
    for row in source:
        block += row
        if len(block) >= _BLOCK:
            target.write(bytes(block))
            block.clear()
    target.write(bytes(block))


async def pour_async(source: psycopg.AsyncCopy, target: psycopg.AsyncCopy) -> None:
    """Pass COPY's rows on, in blocks, as `pour` does."""
    block = bytearray()
    async for row in source:
        block += row
        if len(block) >= _BLOCK:
            await target.write(bytes(block))
            block.clear()
    await target.write(bytes(block))
