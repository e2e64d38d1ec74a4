"""Grants: the SQL that gives a role the least a command needs, made from what is relied on."""

from collections.abc import Container, Iterator, Sequence
from typing import Literal, get_args

from toolkit.database import shapes
from toolkit.database.addresses import Database
from toolkit.database.connection import connect
from toolkit.database.shapes import AGENTS, ASSISTANTS, ID_MAP, LANGGRAPH, SUPABASE, Relied, WrongDatabaseError

Role = Literal["reader", "repairer", "syncer"]
ROLES: tuple[Role, ...] = get_args(Role)

_READERS = "assistant_repair.readers"
_JOURNAL = (
    "INSERT INTO assistant_repair.readers VALUES ('toolkit_reader') ON CONFLICT DO NOTHING;",
    "GRANT USAGE ON SCHEMA assistant_repair TO toolkit_reader;",
    "GRANT SELECT ON ALL TABLES IN SCHEMA assistant_repair TO toolkit_reader;",
)


def written(role: Role, table: Relied) -> tuple[str, ...]:
    """Return what a role does to the rows of a table, beside reading them: `("INSERT", "UPDATE")`."""
    if role == "reader" or table.writer not in (("sync",) if role == "syncer" else ("sync", "repair")):
        return ()
    inserted = ("INSERT",) if table.name == ASSISTANTS else ()
    removed = ("DELETE",) if table.name == ASSISTANTS and role == "repairer" else ()
    return (*inserted, "UPDATE", *removed)


def script(role: Role, supabase: Database, langgraph: Database) -> str:
    """Return the SQL that makes a role with its grants, in one block for each database.

    Tables that are not there are left out, by name. Nothing is run.

    Raises:
        WrongDatabaseError: if a side lacks the table it is known by.
        ConnectionRefusedByServerError: if a server is unreachable or refuses.
    """
    sides: tuple[tuple[Database, tuple[Relied, ...]], ...] = ((supabase, SUPABASE), (langgraph, LANGGRAPH))
    if supabase.conninfo == langgraph.conninfo:
        sides = ((supabase, (*SUPABASE, *LANGGRAPH)),)
    return "\n\n".join("\n".join(_block(role, *side)) for side in sides)


def _block(role: Role, database: Database, tables: Sequence[Relied]) -> Iterator[str]:
    with connect(database) as connection:
        there = shapes.read(connection, [_READERS, *(table.name for table in tables)])
    for table in tables:
        if table.name in (AGENTS, ASSISTANTS) and table.name not in there:
            raise WrongDatabaseError(f"{database.reference} ({database.place}) has no table {table.name}")
    yield f"-- on {' at '.join(dict.fromkeys((database.reference, database.place)))}"
    name = f"toolkit_{role}"
    # a role is the whole server's: both databases may be on one
    yield f"DO $$ BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
    yield f"ALTER ROLE {name} BYPASSRLS;  -- row security hides rows, and a part of the rows is refused"
    yield from _reading(tables, there) if role == "reader" else _writing(role, name, tables, there)
    if left_out := [table.name for table in tables if table.name not in there and table.name != ID_MAP]:
        yield f"-- left out, because there is no such table: {', '.join(left_out)}"


def _reading(tables: Sequence[Relied], there: Container[str]) -> Iterator[str]:
    read = [table.name for table in tables if table.name in there and table.name != ID_MAP]
    for schema in dict.fromkeys(name.split(".")[0] for name in read):
        yield f"GRANT USAGE ON SCHEMA {schema} TO toolkit_reader;"
    yield from (f"GRANT SELECT ON {name} TO toolkit_reader;" for name in read)
    if _READERS in there:
        yield from _JOURNAL
    else:
        yield "-- run `assistant-toolkit grants reader` again after the first repair, which makes the journal's tables"


def _writing(role: Role, name: str, tables: Sequence[Relied], there: Container[str]) -> Iterator[str]:
    yield f"GRANT toolkit_reader TO {name};  -- made by the SQL of `assistant-toolkit grants reader`"
    for table in tables:
        if table.name in there and (privileges := written(role, table)):
            columns = " (langgraph_assistant_id)" if table.name == AGENTS else ""
            yield f"GRANT {', '.join(privileges)}{columns} ON {table.name} TO {name};"
    if role == "repairer":
        grant = f"EXECUTE format('GRANT CREATE ON DATABASE %I TO {name}', current_database())"
        yield f"DO $$ BEGIN {grant}; END $$;  -- for the journal's schema"
