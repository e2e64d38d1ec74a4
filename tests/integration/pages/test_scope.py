"""A diagnosis and a plan of one organization, beside those of all, and beside what SQL says of its people."""

from collections.abc import Callable, Mapping

import pytest

from tests import damage
from tests.constants import ORGANIZATION, OTHER_ORGANIZATION, USER
from tests.databases import MakeDatabases, run
from tests.integration.pages.reading import FIRST, FOURTH, THIRD, looked, proposed, text_of
from toolkit.database import addresses
from toolkit.database.connection import connected
from toolkit.pages.diagnosis import DiagnosisPage
from toolkit.repair import changes
from toolkit.settings import DiagnoseSettings

STRAYS = """
SELECT stored.id, member.organization_id::text AS organization
FROM   langgraph_server.assistants AS stored
       JOIN public.organization_members AS member ON member.user_id::text = stored.metadata->>'owner'
WHERE  stored.metadata->>'owner' <> 'system'
"""

LATEST = """
SELECT session.organization_id::text AS organization, to_char(max(run.created_at), 'YYYY-MM-DD HH24:MI:SS') AS latest
FROM   langgraph_server.runs AS run JOIN public.chat_sessions AS session ON session.thread_id::text = run.thread_id
GROUP  BY session.organization_id
"""

KEPT = """
SELECT kept.owner, kept.organization, count(*) FILTER (WHERE kept.what = 'memory')::int AS memories_that_stay,
       count(*) FILTER (WHERE kept.what = 'cron')::int AS crons_that_stay
FROM  (SELECT 'memory' AS what, item.owner_id AS owner, organization.id::text AS organization, item.namespace AS place
       FROM   langgraph_server.store_items AS item
              JOIN public.organizations AS organization ON strpos(item.namespace, organization.id::text) > 0
       UNION ALL
       SELECT 'memory', split_part(prefix, '.', 2), split_part(prefix, '.', 1), prefix FROM public.store
       UNION ALL
       SELECT 'cron', cron.user_id, member.organization_id::text, cron.assistant_id
       FROM   langgraph_server.crons AS cron
              JOIN public.organization_members AS member ON member.user_id::text = cron.user_id) AS kept
WHERE  NOT EXISTS (SELECT FROM public.agents AS agent WHERE strpos(kept.place, agent.id::text) > 0)
GROUP  BY kept.owner, kept.organization
"""
"""What a repair left on users' rows, by user. A namespace holds its organization."""


@pytest.fixture(params=[("", ""), ("/supabase", "/langgraph")], ids=["one database", "two databases"])
def used(request: pytest.FixtureRequest, reference: Callable[[str], str]) -> tuple[str, str, str]:
    name = reference("used")
    both = addresses.resolve(name).conninfo.get_secret_value()
    return name + request.param[0], name + request.param[1] if request.param[1] else "", both


def figures(page: DiagnosisPage) -> dict[str, int]:
    """Return the counts of a page; those of the organizations add up."""
    known, memories, counts = page._known, page._details["memories"], page._diagnosis.counts
    figures = {name: memories.get(name, 0) for name in ("rows", "stay", "entries", "entries_that_stay", "users")}
    figures |= counts | known["on_bare_rows"] | {"cron users": len(known["cron_users"])}
    figures |= {"bare": known["cause"].bare, "bare users": known["cause"].bare_users}
    return figures | {"references": sum(row.rows for row in page._diagnosis.references), "users": len(page.users)}


def added(shares: list[Mapping[str, int]]) -> dict[str, int]:
    return {name: sum(share.get(name, 0) for share in shares) for name in {name for share in shares for name in share}}


def test_what_organizations_have_adds_up_and_is_what_a_repair_of_everything_leaves(used: tuple[str, str, str]) -> None:
    supabase, langgraph, both = used
    whole = looked(supabase, langgraph)
    pages = {each: looked(supabase, langgraph, scope=f"org:{each}") for each in (ORGANIZATION, OTHER_ORGANIZATION)}
    assert added([figures(page) for page in pages.values()]) == figures(whole)
    frames = {each: page.users.set_index("user").drop(columns="conversations") for each, page in pages.items()}
    told = {each: text_of(page.in_short()) for each, page in pages.items()}
    if langgraph:  # the rest needs both sides' tables in one statement
        return
    plans = {each: proposed(supabase, scope=f"org:{each}") for each in pages}
    plan = proposed(supabase, apply=True)
    assert added([each.plan.counts for each in plans.values()]) == plan.plan.counts
    with connected(*whole.settings.databases()) as pair:
        plan.apply(pair, plan.settings)
    strays, latest, kept = (run(both, statement) for statement in (STRAYS, LATEST, KEPT))
    for each, page in pages.items():
        found = page.findings
        assert set(found["organization_id"]) == {each}, "also of strays, which name no agent"
        own = {row["id"] for row in strays if row["organization"] == each}
        assert set(found.loc[found["kind"] == "stray", "assistant_id"]) == own
        assert [row["latest"] in told[each] for row in latest] == [row["organization"] == each for row in latest]
        names = ("memories_that_stay", "crons_that_stay")
        left = {row["owner"]: tuple(row[name] for name in names) for row in kept if row["organization"] == each}
        shown = frames[each][list(names)]
        assert {user: tuple(counts) for user, *counts in shown[shown.sum(axis=1) > 0].itertuples()} == left
        memories, users = sum(n for n, _ in left.values()), sum(n > 0 for n, _ in left.values())
        if memories:
            assert f"{memories} memory rows of {users} users" in plans[each].report.model_dump_json()


SHARED, ONLY_OTHERS, LONELY, LEFT, CLAIMS = (f"{n}" * 31 + "f" for n in range(1, 6))


def talk(stray: str, thread: str, agent: str, owner: str) -> str:
    return damage.thread(thread, {"owner": owner}) + damage.run(stray, thread) + damage.session(thread, agent)


def test_rows_of_several_organizations_or_of_none_are_in_the_scopes_that_have_a_part_in_them(
    one: MakeDatabases,
) -> None:
    made = one("healthy")
    made.on_supabase(
        f"INSERT INTO public.organization_members (organization_id, user_id) VALUES ('{OTHER_ORGANIZATION}', '{USER}')"
    )
    gave = {LONELY: "nobody", LEFT: "whoever left"}
    seed = [
        damage.NAMES.read_text(),
        *(damage.stray(each) for each in (SHARED, ONLY_OTHERS, LONELY, LEFT)),
        damage.stray(CLAIMS, names=THIRD),
        talk(SHARED, "t1", FIRST, USER) + talk(SHARED, "t2", THIRD, USER) + damage.memory(SHARED, USER, "shared"),
        talk(ONLY_OTHERS, "t3", THIRD, USER) + damage.memory(ONLY_OTHERS, USER, "theirs"),
        damage.cron("c", LONELY, "nobody"),
        talk(LEFT, "t4", THIRD, gave[LEFT]) + talk(LEFT, "t5", FOURTH, gave[LEFT]) + damage.memory(LEFT, gave[LEFT]),
        talk(CLAIMS, "t6", FIRST, USER),
        *(
            f"UPDATE langgraph_server.assistants SET metadata = '{{\"owner\": \"{owner}\"}}' WHERE id = '{stray}';"
            for stray, owner in gave.items()
        ),
    ]
    made.on_langgraph("".join(seed))
    found = {each: made.diagnose(f"org:{each}") for each in (ORGANIZATION, OTHER_ORGANIZATION)}
    strays = {each: {row.assistant_id for row in found[each].of("stray")} for each in found}
    assert strays[ORGANIZATION] == {SHARED, ONLY_OTHERS, LONELY, CLAIMS}
    assert strays[OTHER_ORGANIZATION] == {SHARED, ONLY_OTHERS, LONELY, CLAIMS, LEFT}
    assert [each.unplaced for each in found.values()] == [1, 1]
    with made.connected() as pair:
        memories = {each: changes.memories(pair, found[each]) for each in found}
        page = DiagnosisPage(pair, DiagnoseSettings(scope=f"org:{ORGANIZATION}"))
    counted = {each: (memories[each]["rows"], memories[each]["stay"], memories[each]["users"]) for each in found}
    assert counted == {ORGANIZATION: (2, 2, 1), OTHER_ORGANIZATION: (6, 4, 2)}
    assert "1 assistant of a user counts in every scope" in text_of(page.in_short())

    plans = {each: made.plan(f"org:{each}") for each in found}
    moves = {each: {(move.agent_id, move.assistant_id) for move in plan.moves} for each, plan in plans.items()}
    assert moves[ORGANIZATION] == {(FIRST, SHARED), (FIRST, CLAIMS)}
    assert moves[OTHER_ORGANIZATION] == {(THIRD, SHARED), (THIRD, ONLY_OTHERS), (THIRD, LEFT), (FOURTH, LEFT)}
    before = made.rows()
    whole = made.apply(made.plan())
    repaired = made.rows()
    made.undo(whole.run_id or "")
    assert made.rows() == before
    for each in found:
        made.apply(made.plan(f"org:{each}"))
    assert made.rows() == repaired, "one organization after the other is the whole repair"
