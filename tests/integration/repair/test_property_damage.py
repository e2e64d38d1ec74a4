"""Random damage: the diagnosis finds exactly that, and a repair and its undo restore the rows.

TOOLKIT_EXAMPLES says how many random damages are tried; 25 when it is not set. A quarter as many are repaired.
"""

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests import damage
from tests.constants import AGENTS, HAS_JOURNAL, NOT_IN_USE, UNKNOWN
from tests.databases import Databases, MakeDatabases
from toolkit.catalog.places import CATALOG
from toolkit.database import snapshot
from toolkit.database.shapes import RELIED, ShapeError

Multiset = Counter[tuple[str, bool, str | None, str | None]]
"""Findings: kind, whether open, agent, assistant; counted."""

PLACES = [place.name for place in CATALOG if place.moves]

SPELLINGS: list[Callable[[str], str]] = [
    str.upper, lambda id: id.replace("-", ""), "{{{}}}".format, "urn:uuid:{}".format,
]  # fmt: skip

HEX = "{:032x}".format

EXTRA = (
    "ALTER TABLE {} ADD extra jsonb, ADD worth float8 DEFAULT 0.1, ADD parts int[] DEFAULT '[0:1]={{1,2}}',"
    ' ADD noted json DEFAULT \'{{"b":1,  "a":2}}\''
)
"""Columns that no server has, in every table that is written."""

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=3)

JSON = st.sampled_from(["null", "1e400", '{"a": 1.10, "a": null}', "[[]]", '""', '"\u20ac"', "-0"]) | st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
).map(json.dumps)


@dataclass(frozen=True)
class Damage:
    """What was done on each side, and what a diagnosis has to find."""

    supabase: str
    langgraph: str
    findings: Multiset
    repaired: Multiset
    """What it has to find once all is repaired that can be."""
    parent: str
    """The table that gets a child table; empty where none does."""

    def on(self, databases: Databases, *statements: str) -> None:
        """Run statements on the side of that table."""
        on = databases.on_supabase if self.parent in TABLES["supabase"] else databases.on_langgraph
        on(";".join(statements))

    def divide(self, databases: Databases) -> None:
        """Move half of that table's rows into a child table."""
        self.on(databases, damage.child(self.parent, CHILD))

    def unite(self, databases: Databases) -> None:
        """Move them back."""
        self.on(databases, damage.AS_STORED, f"INSERT INTO {self.parent} TABLE {CHILD}", f"DROP TABLE {CHILD}")


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    """Draw a fate for each agent's assistant, and things around it."""
    supabase, langgraph = [], []
    findings: Multiset = Counter()
    repaired: Multiset = Counter()
    fresh = iter(range(0x1000, 0x10000))

    def hexadecimal() -> str:
        return HEX(next(fresh) << 64)

    there: list[str] = []
    unmended: set[str] = set()
    retired = draw(st.sets(st.sampled_from(AGENTS), max_size=2))
    """Agents without a status, so they are not in use: an assistant of the system is an orphan."""
    used = [agent for agent in AGENTS if agent not in retired]
    for agent in sorted(retired):
        supabase.append(damage.no_status(agent))
        ids = [agent, *(hexadecimal() for _ in range(draw(st.integers(0, 2))))]
        langgraph += [damage.copy(agent, id, "2026-11-20 08:00:00+00") for id in ids[1:]]
        for tally in (findings, repaired):
            tally.update(("orphan", False, agent, id) for id in ids)
        if draw(st.booleans()):
            supabase.append(damage.write_back(agent, draw(st.sampled_from([None, HEX(7), *ids]))))

    for agent in used:
        fate = draw(st.sampled_from(["ok", "ok", "renamed", "respelled", "deleted", "conflict", "named", "hidden"]))
        is_conflict = fate in ("conflict", "named")
        copies = [hexadecimal() for _ in range(draw(st.integers(0, 3)))]
        for age, id in enumerate(copies):
            is_kept = fate == "deleted" and age == 0
            differs = not is_kept and draw(st.booleans())
            langgraph.append(damage.copy(agent, id, f"2026-11-20 {20 - age}:00:00+00", differs))
        if copies and fate != "respelled" and draw(st.booleans()):  # one more, in another spelling
            copies.append(draw(st.sampled_from(SPELLINGS))(agent))
            langgraph += [damage.copy(agent, copies[-1], "2026-11-19 08:00:00+00"), damage.only_system(copies[-1])]

        kept: str | None = agent
        mends = True
        if fate in ("renamed", "respelled"):
            kept = hexadecimal() if fate == "renamed" else draw(st.sampled_from(SPELLINGS))(agent)
            langgraph.append(damage.store_under(agent, kept))
            findings["wrong_id", True, agent, kept] += 1
        elif fate == "deleted":
            langgraph.append(damage.delete(agent))
            kept = copies.pop(0) if copies else None
            findings["wrong_id" if kept else "missing", True, agent, kept] += 1
        elif is_conflict:
            mends = False
            other = draw(st.sampled_from([id for id in used if id != agent]))
            taken, renamed = damage.owned_by_user(agent, "evil"), damage.names_agent(agent, other)
            langgraph.append(taken if fate == "conflict" else renamed)
            findings["conflict", True, agent, agent] += 1
        elif fate == "hidden":
            langgraph.append(damage.owned_by_user(agent))
            findings["hidden", True, agent, agent] += 1
        for id in copies:
            findings["duplicate", True, agent, id] += 1

        value = draw(st.sampled_from([agent, agent, None, "", agent.upper(), HEX(7), *copies]))
        if value != agent:
            supabase.append(damage.write_back(agent, value))
            findings["not_written_back", True, agent, None] += 1
        columns = set()
        if fate in ("ok", "renamed", "respelled") and kept:
            columns = draw(st.sets(st.sampled_from(["name", "graph_id", "config"]), max_size=2))
            langgraph += [damage.drift(kept, column) for column in sorted(columns)]
        if draw(st.booleans()):  # an agent without a name wants an assistant with an empty one
            supabase.append(damage.no_name(agent))
            columns |= {"name"} if fate in ("ok", "renamed", "respelled", "deleted") else set()
        if columns and kept:
            findings["drift", False, agent, kept] += 1
            repaired["drift", False, agent, agent] += 1
        if not mends:
            unmended.add(agent)
            repaired.update({key: n for key, n in findings.items() if key[2] == agent and key[1]})
        if fate in ("ok", "conflict", "named", "hidden"):
            there.append(agent)

        # what names a row that is there says nothing new; it has to move with the row
        named = [*copies, *([kept] if kept else [])]
        if named and fate != "hidden" and not is_conflict:
            langgraph += [damage.context(id, draw(JSON)) for id in draw(st.sets(st.sampled_from(named), max_size=2))]
        for place in draw(st.lists(st.sampled_from(PLACES), max_size=3)) if named else []:
            langgraph.append(damage.reference(place, draw(st.sampled_from(named)), f"x{next(fresh)}"))

    for place in draw(st.lists(st.sampled_from(PLACES), max_size=3)):
        unknown = HEX(draw(st.integers(1, 2)))
        langgraph.append(damage.reference(place, unknown, f"d{next(fresh)}"))
        findings["dangling_reference", False, None, unknown] += 1
        repaired["dangling_reference", False, None, unknown] += 1
    for names in draw(st.lists(st.sampled_from([None, *used]), max_size=3)):
        id, evidence = hexadecimal(), draw(st.sampled_from([None, *used]))
        langgraph.append(damage.stray(id, names))
        if evidence:
            thread = f"t{next(fresh)}"
            langgraph.append(damage.run(id, thread))
            supabase.append(damage.session(thread, evidence))
        findings["stray", evidence is not None, names, id] += 1
        repaired["stray", evidence in unmended, names, id] += 1  # else the conversation moves to its agent
    for column in draw(st.lists(st.sampled_from(damage.BYSTANDERS), max_size=3)):
        langgraph.append(damage.bystander(column, draw(JSON), f"b{next(fresh)}"))
    supabase += map(damage.no_status, sorted(draw(st.sets(st.sampled_from(NOT_IN_USE)))))
    filled = sorted(draw(st.sets(st.sampled_from(AGENTS), max_size=2)))
    supabase += [damage.fill_extra(agent, draw(JSON)) for agent in filled]
    for agent in sorted(draw(st.sets(st.sampled_from([*NOT_IN_USE, UNKNOWN])))):
        id = hexadecimal()
        langgraph.append(damage.orphan(id, agent))
        known = agent if agent in NOT_IN_USE else None
        findings["orphan", False, known, id] += 1
        repaired["orphan", False, known, id] += 1
    for ran_on in draw(st.lists(st.sampled_from(there), max_size=2)) if there else []:
        agent, thread = draw(st.sampled_from([id for id in used if id != ran_on])), f"m{next(fresh)}"
        langgraph.append(damage.run(ran_on, thread))
        supabase.append(damage.session(thread, agent))
        findings["misrouted", False, agent, ran_on] += 1
        repaired["misrouted", False, agent, ran_on] += 1
    parent = draw(st.sampled_from(["", "", *PARENTS]))
    return Damage("".join(supabase), "".join(langgraph), findings, repaired, parent)


def found(databases: Databases) -> Multiset:
    tally: Multiset = Counter()
    for finding in databases.diagnose(startup_sync="global").findings:
        tally[finding.kind, finding.is_open, finding.agent_id, finding.assistant_id] += finding.count
    return tally


TABLES = {
    "supabase": ["public.agents", "public.chat_sessions"],
    "langgraph": list(dict.fromkeys(place.table.relation for place in CATALOG)),
}
"""What a damage writes."""

PARENTS = [table for tables in TABLES.values() for table in tables if RELIED[table].writer]

CHILD = "public.half"


def keep_spare(databases: Databases) -> None:
    """Keep the rows as they are, so that each example can start from them: quicker than a database for each."""
    for side, tables in TABLES.items():
        kept = [f"CREATE TABLE public.spare_{table.replace('.', '_')} AS TABLE {table}" for table in tables]
        getattr(databases, f"on_{side}")(";".join(kept))


def reset(databases: Databases) -> None:
    """Bring the kept rows back."""
    for side, tables in TABLES.items():
        statements = [damage.AS_STORED, f"DROP TABLE IF EXISTS {CHILD}"]
        for table in tables:
            statements += [f"DELETE FROM {table}", f"INSERT INTO {table} TABLE public.spare_{table.replace('.', '_')}"]
        getattr(databases, f"on_{side}")(";".join(statements))


EXAMPLES = int(os.environ.get("TOOLKIT_EXAMPLES", "25"))

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120 + 3 * EXAMPLES)]

FEWER = max(1, EXAMPLES // 4)
"""A repair and its undo take eight times as long as a diagnosis."""


def each_of(examples: int) -> settings:
    unimportant = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=examples, deadline=None, database=None, suppress_health_check=unimportant)


def do(databases: Databases, done: Damage) -> None:
    """Damage the kept rows as drawn."""
    note(done.supabase + done.langgraph)
    reset(databases)
    databases.on_supabase(done.supabase)
    databases.on_langgraph(done.langgraph)


@each_of(EXAMPLES)
@given(done=damages())
def find(databases: Databases, done: Damage) -> None:
    do(databases, done)
    if done.parent:
        done.divide(databases)
    assert found(databases) == done.findings


def refuses_while_divided(databases: Databases, done: Damage, *acts: Callable[[], object]) -> None:
    """Expect each of these to be refused by the table's name, and to change nothing, while it has a child table."""
    if not done.parent:
        return
    done.divide(databases)
    rows, journal = databases.rows(), [databases.on_langgraph(HAS_JOURNAL), databases.on_supabase(HAS_JOURNAL)]
    words = f"{done.parent}: it has child tables ({CHILD}), and a repair moves rows of plain tables only"
    for act in acts:
        with pytest.raises(ShapeError) as refusal:
            act()
        assert str(refusal.value) == f"{words}: {ShapeError.remedy}"
    assert databases.rows() == rows
    assert [databases.on_langgraph(HAS_JOURNAL), databases.on_supabase(HAS_JOURNAL)] == journal
    done.unite(databases)


@each_of(FEWER)
@given(done=damages())
def repair_and_take_back(databases: Databases, done: Damage) -> None:
    do(databases, done)
    before = databases.rows()
    plan = databases.plan(startup_sync="global")
    refuses_while_divided(databases, done, databases.plan, lambda: databases.apply(plan))
    outcome = databases.apply(plan)
    assert outcome.left == ()
    assert outcome.counts == plan.counts
    assert found(databases) == done.repaired

    assert databases.apply(databases.plan(startup_sync="global")).counts == {}
    if run_id := outcome.run_id:  # none where nothing was to be done
        refuses_while_divided(databases, done, lambda: databases.undo(run_id))
        assert databases.undo(run_id).refused == ()
    assert databases.rows() == before


@pytest.fixture
def healthy(databases: MakeDatabases) -> Databases:
    made = databases("healthy")
    made.on_langgraph(damage.NAMES.read_text(encoding="utf-8"))
    made.on_supabase("ALTER TABLE public.agents ALTER status DROP NOT NULL, ALTER name DROP NOT NULL")
    for side, tables in TABLES.items():
        for table in tables:
            getattr(made, f"on_{side}")(EXTRA.format(table))
    keep_spare(made)
    return made


def test_random_damage_is_found_exactly(healthy: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "_FEW", 1)  # across two servers, copy the agents of buckets that differ alone
    find(healthy)


def test_random_damage_is_repaired_and_taken_back(healthy: Databases) -> None:
    repair_and_take_back(healthy)
