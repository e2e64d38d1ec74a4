"""Statements against a database: each can be planned, and what is written down twice agrees."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests import statements
from toolkit import identifiers, sql
from toolkit.catalog.places import CATALOG, over_places
from toolkit.database import shapes, snapshot
from toolkit.diagnosis.drift import comparable
from toolkit.repair import phases
from toolkit.repair.moving import MOVING_FROM
from toolkit.sync import sides

COPIED = {
    "lean_agents": [snapshot.AGENTS],
    "agent_links": [snapshot.AGENTS, snapshot.LINKS],
    "sessions": [snapshot.SESSIONS],
    "memberships": [snapshot.MEMBERS],
    "tools": [snapshot.TOOLS],
    "now": [phases.NOW],
    "named": [phases.NAMED],
    "present": [sides.PRESENT],
    "wanted": [sides.INCOMING],
}

COLUMNS = {
    "columns": sql.Text("graph_id"),
    "kept_columns": sql.Text("kept.graph_id"),
    "all_columns": sql.Text("graph_id"),
    "restored_columns": sql.Text("kept.graph_id"),
    "image": sql.Text("to_jsonb(stored)"),
}

COMPARED = (sides.IN_PLACE, sides.COPIED, sides.NONE_COPIED)
READ = (snapshot.IN_PLACE, snapshot.COPIED, {**snapshot.COPIED, "agent_links": snapshot.LINKS.rows})

ROWS = {
    "agents_in_place": snapshot.AGENTS,
    "sessions_in_place": snapshot.SESSIONS,
    "agent_links_in_place": snapshot.LINKS,
    "members_in_place": snapshot.MEMBERS,
    "tools_in_place": snapshot.TOOLS,
    "agents_now": phases.NOW,
    "named_in_place": phases.NAMED,
    "lean_assistants": sides.PRESENT,
    "assistants_to_write": sides.INCOMING,
}
"""The copied relations, by the statement whose rows each holds."""


@pytest.fixture
def connection(clone: Callable[[str], str]) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(clone("repaired"), cursor_factory=psycopg.ClientCursor) as connection:
        for copied in ROWS.values():
            connection.execute(copied.make)
        yield connection


def filled(statement: sql.Statement, text: str) -> Iterator[str]:
    """Fill the holes for psycopg.sql as the code does, for every place that moves."""
    if not statement.holes:
        yield text
        return
    for place in (place for place in CATALOG if place.moves):
        if "move." in text:
            yield place.put_back(text).as_string()  # type: ignore[arg-type]
        else:
            for replaced in MOVING_FROM if "replaced." in text else ["id_map"]:
                if f"assistant_repair.{replaced} AS replaced" in text or "replaced." not in text:
                    yield place.moving(text, replaced).as_string()  # type: ignore[arg-type]


def test_every_statement_can_be_planned(connection: psycopg.Connection[Any]) -> None:
    texts = {slot: [each.rows for each in copied] for slot, copied in COPIED.items()}
    others = {"places": over_places(CATALOG), "suspected": sql.Text("false"), **COLUMNS}
    texts |= {slot: [text] for slot, text in others.items()}
    columns = (
        "relation, NULL AS row_id, NULL AS thread_id, NULL AS user_id, NULL AS old_id, NULL AS new_id,"
        " NULL::jsonb AS target, true AS moves"
    )
    texts["hits"] = [sql.Text(f"SELECT NULL AS {columns}")]
    planned, copies_of = set(), Counter[str]()
    for statement, text in statements.expansions(texts, [COMPARED, READ]):
        for query in filled(statement, text) if statement.side != "sandbox" else ():
            query = re.sub(r"^COPY \((.*)^\) TO STDOUT.*", r"\1", query, flags=re.DOTALL | re.MULTILINE)
            if re.match(r"(--[^\n]*\n\s*)*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", query):
                parameters = dict.fromkeys(re.findall(r"%\((\w+)\)s", query))
                connection.execute("EXPLAIN " + query, parameters or None)  # type: ignore[arg-type]
                planned.add(statement.name)
                copies_of[statement.name] += "pg_temp." in query
    assert {"findings", "references", "move_references", "put_back", "sync_outcomes"} <= planned
    assert all(
        copies_of[name] for name in ("findings", "references", "conversations", "planned_changes", "sync_outcomes")
    )


@pytest.mark.parametrize("name", ROWS)
def test_copied_relation_has_the_columns_of_its_statement(connection: psycopg.Connection[Any], name: str) -> None:
    text = sql.statement(name, **sides.IN_PLACE)
    parameters = dict.fromkeys(re.findall(r"%\((\w+)\)s", text))
    stated = connection.execute(f"SELECT * FROM ({text}\n) AS stated LIMIT 0", parameters).description  # type: ignore[arg-type]
    copied = connection.execute(ROWS[name].rows + " LIMIT 0").description
    types = [[column.type_code for column in columns or ()] for columns in (stated, copied)]
    assert types[0] == types[1]
    if name != "lean_assistants":  # which hashes the config, and calls it content
        assert [column.name for column in stated or ()] == [column.name for column in copied or ()]


READS = re.compile(r"(?:FROM|JOIN|UPDATE|INTO)\s+((?:public|langgraph_server)\.\w+)\s+AS\s+(\w+)")


def test_every_column_that_a_statement_names_is_relied_on(connection: psycopg.Connection[Any]) -> None:
    named = set()
    for statement in sql.statements().values():
        text = re.sub(r"--[^\n]*|/\*.*?\*/", "", statement.text)
        for table, alias in READS.findall(text):
            named |= {(table, column) for column in re.findall(rf"\b{alias}\.(\w+)\b", text)}
    there = connection.execute("SELECT table_schema || '.' || table_name, column_name FROM information_schema.columns")
    relied = {
        (each.name, column.split()[0].rstrip("?"))
        for each in shapes.RELIED.values()
        for column in (*each.columns.split(", "), *each.repaired.split(", "))
        if column
    }
    assert ("public.agents", "status") in named
    assert {*there} & named <= relied


UUID = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


@pytest.mark.parametrize(
    "spelling",
    [
        UUID,
        UUID.upper(),
        UUID.replace("-", ""),
        f"{{{UUID}}}",
        f"urn:uuid:{UUID}",
        f"URN:UUID:{UUID.upper()}",
        f"URN:UUID:{{{UUID.replace('-', '').upper()}}}",
        "",
        "agent",
        UUID[:-1],
        UUID[:-1] + "g",
        UUID + "0",
    ],
)
def test_uuid_in_any_spelling_is_one_to_sql_to_the_guard_and_to_python(
    connection: psycopg.Connection[Any], spelling: str
) -> None:
    expected = identifiers.parse_uuid(spelling)
    query = f"SELECT ({sql.statement('spelled_uuid')}\n) FROM (SELECT %s::text AS spelling) AS text"
    assert connection.execute(query, [spelling]).fetchone() == (expected,)  # type: ignore[arg-type]
    for part in ("guard_function", "guard_trigger"):
        connection.execute(sql.statement(part))
    stored = connection.execute(
        "INSERT INTO langgraph_server.assistants (id, graph_id, metadata) VALUES ('as it came', 'agent', %s) "
        "RETURNING id",
        [Jsonb({"owner": "system", "supabase_agent_id": spelling})],
    ).fetchone()
    assert stored == (str(expected) if expected else "as it came",)


def configured(*servers: Any) -> dict[str, Any]:
    return {"configurable": {"model_name": "m", "mcp_config": {"servers": list(servers)}}}


NEWER = {"name": "search", "url": "https://b.example", "auth_required": True}
OLDER = {"name": "server-1", "url": "https://b.example", "tools": ["search"], "auth_required": True}
OTHER = {"name": "files", "url": "https://a.example", "auth_required": False}
CONFIGS = {
    "no servers": {"configurable": {"model_name": "m"}},
    "newer": configured(NEWER),
    "older": configured(OLDER),
    "older, several tools": configured({**OLDER, "tools": ["search", "find", "Übersicht"]}),
    "newer, first of several tools": configured({**NEWER, "name": "find"}),
    "older, no tools": configured({**OLDER, "tools": []}),
    "older, without auth_required": configured({key: OLDER[key] for key in ("name", "url", "tools")}),
    "newer, without auth_required": configured({key: NEWER[key] for key in ("name", "url")}),
    "two, the older unsorted": configured(OLDER, {**OTHER, "tools": ["files"]}),
    "two, the newer sorted": configured(OTHER, NEWER),
    "two, the newer unsorted": configured(NEWER, OTHER),
    "both shapes": configured(OLDER, OTHER),
    "tools as text": configured({**OLDER, "tools": "search"}),
    "server as text": configured("https://b.example", OLDER),
    "server without url": configured({"name": "server-1", "tools": ["search"]}),
    "number as tool": configured({**OLDER, "tools": [1, "search"]}),
    "servers as object": {"configurable": {"mcp_config": {"servers": OLDER}}},
    "servers null": {"configurable": {"mcp_config": {"servers": None}}},
    "mcp_config as text": {"configurable": {"mcp_config": "none"}},
    "configurable as list": {"configurable": [OLDER]},
    "array": [],
    "empty": {},
}


def test_config_in_the_comparable_shape_is_the_same_to_sql_and_to_python(connection: psycopg.Connection[Any]) -> None:
    query = f"SELECT ({sql.statement('comparable_config')}\n) FROM (SELECT %s::jsonb AS config) AS stored"
    for name, config in CONFIGS.items():
        (shape,) = connection.execute(query, [Jsonb(config)]).fetchone() or ()  # type: ignore[arg-type]
        assert comparable(config) == shape, f"{name}: {json.dumps(shape)}"
    assert comparable(CONFIGS["older"]) == CONFIGS["newer"]
    assert comparable(CONFIGS["older, several tools"]) == CONFIGS["newer, first of several tools"]
    assert comparable(CONFIGS["two, the older unsorted"]) == CONFIGS["two, the newer sorted"]
    assert comparable(CONFIGS["older, without auth_required"]) == CONFIGS["newer, without auth_required"]
