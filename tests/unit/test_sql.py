"""Statements of toolkit.sql: slots, names, and who calls them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import toolkit
from tests import statements
from toolkit import sql

TOOLKIT = Path(toolkit.__file__).parent
MODULES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(TOOLKIT.rglob("*.py"))}
NAMES = sorted(sql.statements())

PASTED = {"first_look"}
"""Statements that nothing in toolkit/ runs: README shows them, and test_readme.py holds both equal."""


def nodes() -> Iterator[tuple[Path, ast.AST]]:
    return ((path, node) for path, tree in MODULES.items() for node in ast.walk(tree))


def test_every_statement_expands_with_every_choice() -> None:
    texts = {"places": [sql.Text("SELECT NULL AS place")]}
    for each, text in statements.expansions(texts):
        assert not statements.PART.search(text), each.name


def test_every_choice_fills_a_slot_that_some_statement_has() -> None:
    slots = set().union(*(statements.parts(name, "slot") for name in NAMES))
    assert set().union(*(each.fills for each in sql.statements().values())) <= slots


def unfilled(name: str, filled: frozenset[str] = frozenset()) -> set[str]:
    """Return the slots that a caller must fill, by the text of a statement and its includes."""
    filled |= {slot for slot, default in sql.statements()[name].slots.items() if default}
    inner = (unfilled(each, filled) for each in statements.parts(name, "include"))
    return (statements.parts(name, "slot") - filled).union(*inner)


def test_head_line_names_the_slots_and_the_holes() -> None:
    for name, statement in sql.statements().items():
        assert {slot for slot, default in statement.slots.items() if not default} == unfilled(name), name
        assert set(statement.slots) <= statements.reached(name), name
        holes = {hole for text in texts_of(name) for hole in re.findall(r"\{([a-z_]+)\}", text)}
        assert statement.holes == holes, name


def texts_of(name: str) -> Iterator[str]:
    yield sql.statements()[name].text
    inner = {filler for slot in statements.parts(name, "slot") for filler in statements.fillers(slot)}
    for each in statements.parts(name, "include") | inner:
        yield from texts_of(each)


def test_no_comment_is_a_head_line_or_a_part_that_was_misspelled() -> None:
    for path in sorted((TOOLKIT / "sql").glob("*.sql")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.match(r"-- [a-z0-9_]+( \(.*\))?:", line) or line.lstrip().startswith(("-- include", "-- slot")):
                assert statements.PART.fullmatch(line) or line.split()[1] in sql.statements(), f"{path.name}: {line}"
            for comment in re.findall(r"/\*.*?(?:\*/|$)", line):
                assert statements.PART.fullmatch(comment), f"{path.name}: {line}"


def test_search_for_a_name_finds_who_calls_it() -> None:
    constants = {node.value for _, node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    included = set().union(*(statements.parts(name, "include") for name in NAMES))
    defaults = {default for each in sql.statements().values() for default in each.slots.values()}
    assert set(NAMES) - constants - included - defaults == PASTED


def test_no_name_is_put_together() -> None:
    for path, node in nodes():
        if isinstance(node, ast.JoinedStr):
            pieces = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            pieces = [side.value if isinstance(side, ast.Constant) else None for side in (node.left, node.right)]
        else:
            continue
        if len("".join(piece for piece in pieces if isinstance(piece, str))) > 2:
            pattern = "".join("[a-z0-9_]+" if piece is None else re.escape(str(piece)) for piece in pieces)
            assert not [name for name in NAMES if re.fullmatch(pattern, name)], f"{path}:{node.lineno}"


@pytest.mark.parametrize(
    ("name", "slots", "message"),
    [
        ("no_such_statement", {}, "no statement is named 'no_such_statement'"),
        ("totals", {}, "slot 'lean_agents' of statement 'agents' is not filled"),
        ("totals", {"lean_agents": "no_such"}, "no statement is named 'no_such'"),
        ("totals", {"lean_agents": "sessions_in_place"}, "'sessions_in_place' does not fill slot 'lean_agents'"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, slots: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        sql.statement(name, **slots)


def test_filler_comes_before_the_default() -> None:
    assert "jsonb_hash_extended" not in sql.statement("totals", lean_agents="agents_in_place")
    assert "jsonb_hash_extended" in sql.statement("totals", lean_agents="agents_in_place", config_hash="config_read")


def test_every_slot_that_a_call_names_is_one() -> None:
    slots = set().union(*(statements.parts(name, "slot") for name in NAMES))
    calls = [node for _, node in nodes() if isinstance(node, ast.Call) and ast.unparse(node.func) == "sql.statement"]
    named = {keyword.arg for call in calls for keyword in call.keywords if keyword.arg}
    assert {"locking", "replaced"} <= named
    assert named <= slots
