"""Random order: narrow repairs, one after another, end with the rows of one repair of the same whole.

TOOLKIT_EXAMPLES says how many are tried; a tenth of them, since each is repaired twice.
"""

import os
import re
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests import damage
from tests.constants import AGENTS, NOT_IN_USE, ORGANIZATION, OTHER_ORGANIZATION, USER
from tests.databases import Databases, MakeDatabases
from tests.integration.repair.test_property_damage import HEX, keep_spare, reset
from toolkit.catalog.kinds import KINDS
from toolkit.repair import apply, journal
from toolkit.repair.apply import StoppedRunError

EXAMPLES = max(2, int(os.environ.get("TOOLKIT_EXAMPLES", "25")) // 10)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120 + 10 * EXAMPLES)]

USERS = (USER, "b1b2c3d4-e5f6-7890-abcd-ef1234567890", "c1b2c3d4-e5f6-7890-abcd-ef1234567890")
ALLOWED = ("drift", "orphan", *(f"conflict:{id}" for id in AGENTS))
TIME = re.compile(r"\d{4}-\d\d-\d\d[ T][\d:.]+[+-]\d\d(:\d\d)?")

users, agents = st.sampled_from(USERS), st.sampled_from(AGENTS)


@st.composite
def lives(draw: st.DrawFn) -> tuple[str, str]:
    """Draw damaged assistants, and users' rows with conversations, memories and crons: SQL for each side."""
    supabase, langgraph = [], []
    for number, agent in enumerate(AGENTS):
        fate = draw(st.sampled_from(["ok", "renamed", "deleted", "conflict", "hidden"]))
        copies = [HEX(0xC0 + 16 * number + n) for n in range(draw(st.integers(0, 2)))]
        langgraph += [damage.copy(agent, id, f"2026-11-20 {n + 8:02}:00:00+00") for n, id in enumerate(copies)]
        langgraph += [damage.only_system(id) for id in copies[:1] if draw(st.booleans())]
        langgraph.append(
            {
                "ok": "",
                "renamed": damage.store_under(agent, HEX(0xA0 + number)),
                "deleted": damage.delete(agent),
                "conflict": damage.owned_by_user(agent, "evil"),
                "hidden": damage.owned_by_user(agent),
            }[fate]
        )
        supabase.append(damage.write_back(agent, draw(st.sampled_from([agent, None, *copies]))))
        for id in copies:
            langgraph.append(damage.run(id, f"on-{id}") + damage.memory(id, USER, f"of-{id}"))
    langgraph.append(damage.orphan(HEX(0xFFF), NOT_IN_USE[0]))
    strays = ("bare-1", "bare-2")
    langgraph += map(damage.stray, strays)
    for number in range(draw(st.integers(1, 6))):
        row, owner, said = draw(st.sampled_from(strays)), draw(users), draw(st.sampled_from([None, *AGENTS]))
        metadata = {"assistant_id": row, "owner": owner} | ({"agent_id": said} if said else {})
        langgraph.append(damage.thread(f"t{number}", metadata))
        if draw(st.booleans()):
            organization = draw(st.sampled_from([ORGANIZATION, OTHER_ORGANIZATION]))
            supabase.append(damage.session(f"t{number}", draw(agents), organization))
    for row in strays:
        for owner in USERS:
            langgraph.append(damage.memory(row, owner, f"{row} {owner}"))
            langgraph.append(damage.cron(f"{row} {owner}", row, owner, draw(st.sampled_from([None, None, *AGENTS]))))
    return "".join(supabase), "".join(langgraph)


narrow = st.builds(
    dict,
    only=st.lists(st.sampled_from([*AGENTS, *KINDS]), max_size=2).map(tuple),
    allow=st.lists(st.sampled_from(ALLOWED), max_size=3).map(tuple),
    stops_after=st.one_of(st.none(), st.integers(0, 30)),
    scope=st.sampled_from(["all", "all", f"org:{ORGANIZATION}", f"org:{OTHER_ORGANIZATION}"]),
)


def repair(databases: Databases, step: dict) -> None:
    """Repair, and where it is interrupted go on with it."""
    stops_after = step.pop("stops_after")
    plan, calls = databases.plan(**step), count()

    def progress(*told: object) -> None:
        if next(calls) == stops_after:
            raise KeyboardInterrupt

    try:
        with databases.connected() as pair:
            apply.apply(pair, plan, progress)
    except StoppedRunError:
        with databases.connected() as pair:
            apply.resume(pair, str(journal.unfinished(pair)))


def state(databases: Databases) -> dict[str, list[str]]:
    """Read all rows but the sessions, which no repair writes, without times and versions."""
    texts = {name: texts for name, texts in databases.rows().items() if not name.endswith(".chat_sessions")}
    statement = "SELECT (to_jsonb(stored) - 'version')::text AS text FROM langgraph_server.assistants AS stored"
    (assistants,) = (name for name in texts if name.endswith("langgraph_server.assistants") and texts[name])
    texts[assistants] = [row["text"] for row in databases.on_langgraph(statement)]
    return {name: sorted(TIME.sub("", text) for text in found) for name, found in texts.items()}


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=(Phase.generate,),  # to make a failure smaller would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    life=lives(), steps=st.lists(narrow, min_size=1, max_size=3), allow=st.lists(st.sampled_from(ALLOWED), max_size=7)
)
def repair_in_any_order(databases: Databases, life: tuple[str, str], steps: list[dict], allow: list[str]) -> None:
    ends = []
    for sequence in (steps, []):
        note("".join(life))
        reset(databases)
        for side in ("supabase", "langgraph"):
            getattr(databases, f"on_{side}")("DROP SCHEMA IF EXISTS assistant_repair CASCADE")
        databases.on_supabase(life[0])
        databases.on_langgraph(life[1])
        for step in sequence:
            allowed = tuple(each for each in step["allow"] if each in allow)
            repair(databases, step | {"allow": allowed})
        databases.apply(databases.plan(allow=tuple(allow)))
        ends.append(state(databases))
    assert ends[0] == ends[1]


def test_any_order_of_narrow_repairs_ends_with_the_rows_of_one(databases: MakeDatabases) -> None:
    made = databases("healthy")
    made.on_langgraph(damage.NAMES.read_text(encoding="utf-8"))
    keep_spare(made)
    repair_in_any_order(made)
