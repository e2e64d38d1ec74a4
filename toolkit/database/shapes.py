"""Shapes of tables: what is relied on of each, what was found, and what follows from the difference.

A read that cannot be believed is refused by the connection. What cannot be written is refused by `refuse_writes`.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, LiteralString

from pydantic import BaseModel

from toolkit import sql
from toolkit.database.transactions import Connection
from toolkit.errors import RefusedError


class UnbelievableReadError(RefusedError):
    """A role or server whose reads cannot be trusted: row security, a missing grant, a replica."""

    remedy = (
        "what this role can read is not the whole truth, so nothing was concluded or changed; run what "
        "`assistant-toolkit grants reader` prints, and connect as that role to the primary server"
    )

    def __init__(self, detail: str = "") -> None:
        """Add what cures row security, where the `detail` names it."""
        if ROW_SECURITY in detail:
            self.remedy += (
                "; against row security the role needs BYPASSRLS, which a superuser gives it, or the SQL editor of"
                " Supabase: ALTER ROLE … BYPASSRLS; or connect as the tables' owner"
            )
        super().__init__(detail)


class ShapeError(RefusedError):
    """Tables, columns or types that differ from what is read and written."""

    remedy = "correct what is named, or name a database whose tables are as wanted; nothing was changed"


class WrongDatabaseError(RefusedError):
    """A database without the table that its side is known by."""

    remedy = (
        "name the database with public.agents by --supabase, and the one with langgraph_server.assistants by "
        "--langgraph; nothing was compared or changed"
    )


ROW_SECURITY = "row security hides rows from this role"
"""What the statement `shapes` says of it."""

Need = Literal["sync", "diagnosis", "if there", "place", "names"]
"""Who needs a table. `sync`: also a diagnosis. `if there`, `place` and `names`: it may be missing.

With wrong columns, a `place` counts as hidden, and a table that only gives `names` as missing.
"""

Writer = Literal["", "repair", "sync"]
"""Who writes a table: `sync` also a repair."""


@dataclass(frozen=True)
class Relied:
    """What is relied on of one table. No field has a default: whoever adds a table decides each."""

    name: str
    need: Need
    writer: Writer
    key: tuple[LiteralString, ...]
    columns: str
    """Columns that are read, with their types: `id text, is_global? boolean`; a column with `?` may be missing."""
    repaired: str
    """Columns that only a repair needs."""


AGENTS, ASSISTANTS, CRONS = "public.agents", "langgraph_server.assistants", "langgraph_server.crons"
ID_MAP = "assistant_repair.id_map"

# fmt: off
SUPABASE: tuple[Relied, ...] = (
    Relied(AGENTS, "sync", "sync", ("id",),
           "id uuid, organization_id uuid, name text, status text|enum with 'active', langgraph_assistant_id text,"
           " graph_id text, engine_id uuid, system_prompt text, deleted_at timestamptz, temperature? number,"
           " max_tokens? number, sampling_params? jsonb, assistant_tool_ids? uuid[], is_global? boolean", ""),
    Relied("public.agent_mcp_tools", "sync", "", (), "agent_id uuid, mcp_tool_id uuid", ""),
    Relied("public.mcp_tools", "sync", "", (), "id uuid, tool_name text, endpoint_url text, auth_required boolean", ""),
    Relied("public.global_ai_engines", "sync", "", (), "id uuid, language_model_id uuid", ""),
    Relied("public.ai_models", "sync", "", (), "id uuid, runtime_model_name text", ""),
    Relied("public.chat_sessions", "diagnosis", "", (),
           "organization_id uuid, agent_id uuid, thread_id text|uuid", ""),
    Relied("public.organization_members", "if there", "", (), "organization_id uuid, user_id text|uuid", ""),
    Relied("public.organizations", "names", "", (), "id text|uuid, name text", ""),
)
LANGGRAPH: tuple[Relied, ...] = (
    Relied(ASSISTANTS, "sync", "sync", ("id",),
           "id text, graph_id text, config jsonb, context jsonb, metadata jsonb, name text, description text,"
           " version number, created_at timestamptz, updated_at timestamptz", ""),
    Relied("langgraph_server.runs", "diagnosis", "repair", ("id",),
           "thread_id text, assistant_id text, metadata jsonb, created_at timestamptz", "id text"),
    Relied("langgraph_server.threads", "diagnosis", "repair", ("id",),
           "id text, metadata jsonb, created_at timestamptz", ""),
    Relied(CRONS, "place", "repair", ("id",),
           "id text, assistant_id text, thread_id text, user_id text, payload jsonb, metadata jsonb,"
           " created_at timestamptz", ""),
    Relied("langgraph_server.store_items", "place", "repair", ("namespace", "key", "owner_id"),
           "namespace text, metadata jsonb, created_at timestamptz", "key text, owner_id text, updated_at timestamptz"),
    Relied("public.checkpoints", "place", "repair", ("thread_id", "checkpoint_ns", "checkpoint_id"),
           "metadata jsonb", "thread_id text, checkpoint_ns text, checkpoint_id text"),
    Relied("public.store", "place", "repair", ("prefix", "key"),
           "prefix text, created_at timestamptz", "key text, updated_at timestamptz"),
    Relied(ID_MAP, "names", "", (), "old_id text, run_id text, agent_id uuid, new_id text", ""),
)
# fmt: on

RELIED = {table.name: table for table in (*SUPABASE, *LANGGRAPH)}
_TAKEN = {
    "text": ("text", "character varying"),
    "timestamptz": ("timestamp with time zone", "timestamp without time zone"),
    "number": ("double precision", "real", "numeric", "bigint", "integer", "smallint"),
}
"""The types that serve as one of those in the list; any other serves as itself alone."""

NO_ORPHAN = "so no orphan is believable"

_PLAIN_ONLY = "a repair moves rows of plain tables only"
_KINDS = {"v": "a view", "m": "a materialized view", "f": "a foreign table"}


class Shape(BaseModel, frozen=True):
    """A table as it is."""

    name: str
    kind: str
    is_unlogged: bool
    children: tuple[str, ...]
    hidden: tuple[str, ...]
    """Why this role cannot read all of its rows."""
    grants: tuple[str, ...]
    columns: dict[str, str]
    keys: tuple[str, ...]
    unidentified: tuple[tuple[str, str], ...]
    """Publications that make its updates fail, and why."""
    sets_off: tuple[tuple[str, str], ...]
    """Triggers, rules, generated columns and publications, each with its name."""


class Problem(BaseModel, frozen=True):
    """A difference between a table and what is relied on."""

    stops: Literal["nothing", "repair", "every write", "shape", "hidden", "absent", "no table"]
    """What it stops. The last four say why reads are not believable.

    `absent`: a table that may be missing is not there, or another one has its name.
    """
    table: str
    words: str

    def __str__(self) -> str:
        return f"{self.table}: {self.words}"


def read(connection: Connection, names: Sequence[str]) -> dict[str, Shape]:
    """Read the tables of these names; those that are not there are left out."""
    rows = connection.execute(sql.statement("shapes"), {"names": list(names)})
    return {row["name"]: Shape(**row) for row in rows}


def problems(connection: Connection, tables: Sequence[Relied]) -> list[Problem]:
    """Return in what these tables differ from what is relied on, in their order."""
    return judged(tables, read(connection, [table.name for table in tables]))


def judged(tables: Sequence[Relied], found: Mapping[str, Shape]) -> list[Problem]:
    """Return in what the tables that were found differ from what is relied on, in the order of `tables`."""
    return [
        Problem(stops=stops, table=table.name, words=words)
        for table in tables
        for stops, words in _judged(table, found.get(table.name))
    ]


def _judged(table: Relied, shape: Shape | None) -> Iterator[tuple[Any, str]]:
    if shape is None:
        yield "no table" if table.need in ("sync", "diagnosis") else "absent", "there is no such table"
        return
    key = set(table.key)
    yield from (("hidden", reason) for reason in shape.hidden)
    for stops, columns in (("absent" if table.need == "names" else "shape", table.columns), ("repair", table.repaired)):
        yield from ((stops, words) for words in _unlike(columns, shape.columns))
    if shape.is_unlogged:
        yield "nothing", "it is unlogged: a crash of its server empties it"
    if shape.kind in "vm" or (shape.kind == "f" and table.writer and table.name != AGENTS):
        wanted = ", wanted a table" if table.writer else ""
        hides = f"agents, {NO_ORPHAN}" if table.name == AGENTS else "rows"
        yield "every write" if table.writer else "nothing", f"it is {_KINDS[shape.kind]}{wanted}; it may hide {hides}"
    elif not table.writer or shape.kind == "f":
        return
    elif shape.kind == "p" and table.name != AGENTS:
        yield "repair", f"it is a partitioned table, and {_PLAIN_ONLY}"
    elif shape.kind == "r" and shape.children:
        yield "repair", f"it has child tables ({', '.join(shape.children)}), and {_PLAIN_ONLY}"
    elif key <= shape.columns.keys() and not any(key.issuperset(each.split(",")) for each in shape.keys):
        yield "repair", f"no unique index on ({', '.join(table.key)}), without NULL, tells its rows apart"
    rules = (name for what, name in shape.sets_off if what == "rule")
    yield from (("repair", f"rule {name} rewrites what is written to it") for name in rules)
    for publication, why in shape.unidentified:
        yield "every write", f"publication {publication} publishes its updates, which fail {why}"


def _unlike(wanted: str, found: dict[str, str]) -> Iterator[str]:
    for name, types in (each.split(" ", 1) for each in wanted.split(", ") if each):
        taken = {type for each in types.split("|") for type in _TAKEN.get(each, (each,))}
        type, words = found.get(name.rstrip("?")), types.replace("|", " or ")
        if type is None and not name.endswith("?"):
            yield f"there is no column {name}, wanted {words}"
        elif type is not None and type not in taken:
            yield f"column {name.rstrip('?')} is {type}, wanted {words}"


def readable(connection: Connection, *names: str) -> set[str]:
    """Return the tables of these names that have every column that is read, and hide no row from this role."""
    found = problems(connection, [RELIED[name] for name in names])
    return set(names) - {each.table for each in found if each.stops in ("shape", "hidden", "absent", "no table")}


def refuse_writes(
    supabase: Connection | None, langgraph: Connection, writers: Container[Writer] = ("repair", "sync")
) -> None:
    """Refuse tables that cannot be written as relied on.

    Args:
        supabase: the Supabase side; None where it is not written.
        langgraph: the LangGraph side.
        writers: `("sync",)` for what writes agents and assistants, and no reference.

    Raises:
        ShapeError: names every such table, with what is wrong.
    """
    stopping = {"no table", "shape", "every write", *(["repair"] if "repair" in writers else [])}
    found = [
        each
        for connection, tables in ((supabase, SUPABASE), (langgraph, LANGGRAPH))
        if connection
        for each in problems(connection, [table for table in tables if table.writer in writers])
        if each.stops in stopping
    ]
    if found:
        raise ShapeError("; ".join(map(str, found)))
