"""Grants: the SQL that gives a role the least a command needs, made from what is relied on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from toolkit.database import shapes
from toolkit.database.addresses import Database
from toolkit.database.connection import connect
from toolkit.database.shapes import AGENTS, ASSISTANTS, ID_MAP, LANGGRAPH, SUPABASE, Relied, WrongDatabaseError

Role = Literal["reader", "repairer", "syncer"]
ROLES: tuple[Role, ...] = get_args(Role)

_READERS = "assistant_repair.readers"


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
    return "\n\n".join(_block(role, *side) for side in sides)


def _block(role: Role, database: Database, tables: Sequence[Relied]) -> str:
    from jinja2 import Environment, FileSystemLoader  # too long for --help

    with connect(database) as connection:
        there = shapes.read(connection, [_READERS, *(table.name for table in tables)])
    for table in tables:
        if table.name in (AGENTS, ASSISTANTS) and table.name not in there:
            raise WrongDatabaseError(f"{database} has no table {table.name}")
    asked = [table for table in tables if table.name != ID_MAP]
    found = [table for table in asked if table.name in there]
    facts = {
        "role": role,
        "database": " at ".join(dict.fromkeys((database.reference, database.place))),
        "schemas": dict.fromkeys(table.name.split(".")[0] for table in found),
        "read": [table.name for table in found],
        "written": {table.name: privileges for table in found if (privileges := written(role, table))},
        "has_journal": _READERS in there,
        "left_out": [table.name for table in asked if table.name not in there],
    }
    loader = FileSystemLoader(Path(__file__).parent)
    templates = Environment(loader=loader, trim_blocks=True, autoescape=False)  # noqa: S701 # it is SQL
    return templates.get_template("grants.sql.j2").render(facts).rstrip()
