"""The diagnosis page, asked what somebody asks who has never seen this project."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from tests import damage
from tests.constants import NOT_IN_USE, USER
from tests.databases import AsRole, MakeDatabases, run
from tests.integration.pages.reading import (
    BARE,
    FIFTH,
    FIRST,
    FOURTH,
    SECOND,
    THIRD,
    answers,
    looked,
    proposed,
    text_of,
)
from toolkit import guard, phrases
from toolkit.cli import main
from toolkit.database import addresses
from toolkit.database.connection import connect, connected, connections_to
from toolkit.database.shapes import UnbelievableReadError
from toolkit.diagnosis import exposure
from toolkit.errors import ParameterError
from toolkit.notebooks import terminal
from toolkit.pages.diagnosis import DiagnosisPage
from toolkit.pages.verification import VerificationPage
from toolkit.repair.apply import refuse_obstacles
from toolkit.scope import Scope
from toolkit.settings import DiagnoseSettings, VerifySettings
from toolkit.sync import startup


def test_the_ten_questions_about_a_damaged_database_are_answered(damaged: str) -> None:
    page = looked(damaged)
    told, steps, seen = dict(answers(page.in_short())), text_of(page.next_steps()), page.report.at_a_glance
    assert list(told) == [
        "What is broken?",
        "What do users see?",
        "Since when?",
        "What happens to conversations?",
        "Which organizations?",
        "How is the fixed store deployed?",
        "How long does a repair take?",
        "Can it be undone?",
        "What does a repair leave, and why?",
        "Can this be believed?",
    ]
    assert "wrong_id, 4: the agent's assistant is stored under another id" in told["What is broken?"]
    assert (seen.headline, seen.tone, seen.title) == ("No user reaches any of the 5 agents.", "broken", "0 of 5 agents")
    assert seen.tiles["Reachable"] == ("0 of 5", "as the tables say; the server was not asked")
    assert seen.tiles["Organizations"] == ("2 affected", "ImmoFlow 3, DocProc GmbH 2")
    assert text_of(page.by_agent()).startswith("5 agents not reachable. ")
    assert "ImmoFlow (11111111-1111-4111-8111-111111111111): 3 agents" in told["Which organizations?"]
    assert told["Since when?"].startswith(
        "The copies were made from 2026-11-22 19:00:55 UTC to 2026-11-22 19:00:59 UTC. "
        "It has not ended, as far as the rows show: no assistant has its agent's id. The next restart adds more"
    )
    at = r"\d{4}-[0-9: -]+ UTC\."
    users_rows = rf"copies\. conflict: rows made at {at} stray: rows made at {at} "
    used = rf"Conversations on stray rows go on until a repair moves them: the latest was at {at}$"
    assert re.search(users_rows + used, told["Since when?"]), "users' rows are of another time, and used later"
    assert (
        "The front end falls back to a bare assistant with the wrong model and no tools" in told["What do users see?"]
    )
    assert "hold runs 3, crons 1." in told["What happens to conversations?"]
    assert "1 conversation ran on bare assistants of users." in told["What happens to conversations?"]
    assert steps.startswith("Deploy the fixed store. Do not restart the server before: ")
    assert f"assistant-toolkit repair --supabase {damaged}" in steps
    assert f"assistant-toolkit undo --supabase {damaged}" in told["Can it be undone?"]
    left = told["What does a repair leave, and why?"]
    assert all(f"{kind}, 1: " in left for kind in ("conflict", "stray", "orphan"))
    assert left.count("If nobody acts: ") == 4, "conflict, stray, drift and orphan"
    assert "drift, 4 (name 4): the fixed server's next sync writes it" in left
    assert "duplicate, 3 of 11: they wait for their agents' conflicts" in left
    assert "left by a restart of the server. 3 of them wait for a conflict." in told["What is broken?"]
    assert told["Can this be believed?"].startswith("Yes. ")
    assert (
        f"Read as supabase and langgraph: {damaged} (practice, on this machine), PostgreSQL "
        in told["Can this be believed?"]
    )


def test_how_the_fixed_store_is_deployed_is_told_once_and_only_while_it_has_to_be(
    damaged: str, reference: Callable[[str], str]
) -> None:
    diagnosis, plan, healthy = looked(damaged), proposed(damaged), looked(reference("healthy"))
    for place in (diagnosis.in_short(), plan.in_short()):
        for line in (
            "pip install .",
            "from toolkit.store import PostgresAssistantStore",
            "Restart the server, and diagnose again",
            "from toolkit.agent_sync import lazy_sync_agent, parse_agent_sync_scope, startup_agent_sync",
        ):
            assert text_of(place).count(line) == 1
    assert "pip install" not in text_of(diagnosis.why()) + text_of(diagnosis.next_steps()) + text_of(healthy.in_short())
    assert "Do not restart the server before" in text_of(diagnosis.next_steps())


def test_a_database_that_is_no_practice_is_named_by_where_it_is_and_never_by_its_password(
    reference: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    conninfo = addresses.resolve(reference("broken")).conninfo.get_secret_value()
    monkeypatch.setenv("PLATFORM_URL", psycopg.conninfo.make_conninfo(conninfo, password="hunter2"))
    at = psycopg.conninfo.conninfo_to_dict(conninfo)
    diagnosis = looked("env:PLATFORM_URL")
    believed = dict(answers(diagnosis.in_short()))["Can this be believed?"]
    assert (
        f"Read as supabase and langgraph: env:PLATFORM_URL ({at['host']}:{at['port']}/{at['dbname']}), PostgreSQL "
        in believed
    )
    assert "Practice" not in repr(diagnosis) + diagnosis._repr_html_()
    assert text_of(looked(reference("broken"))._repr_html_()).startswith("✗ MISMATCHED Practice database. No user")
    assert "hunter2" not in text_of(diagnosis.in_short()) + text_of(diagnosis.believed())


def test_what_is_hidden_from_the_role_is_told_wherever_somebody_looks(
    one: MakeDatabases, as_role: AsRole, tmp_path: Path
) -> None:
    used = one("used")
    reader = as_role(used)  # without BYPASSRLS: LangGraph's own tables have row security
    with reader.connected() as pair:
        page = DiagnosisPage(pair, DiagnoseSettings(supabase="sandbox:used"))
    told = dict(answers(page.in_short()))
    believed = told["Can this be believed?"]
    assert believed.startswith("Not as a whole.")
    for shown in (believed, text_of(page.report.head()), terminal.shown(page.report, tmp_path, None, ""), repr(page)):
        for table in ("public.checkpoints", "public.store"):
            assert f"{table}: row security hides rows from this role; its rows are unknown and not counted" in shown
    assert "Every table was read as a whole" not in text_of(page.believed()) + believed
    assert "public.store unknown" in told["What happens to conversations?"]
    used.on_langgraph("DELETE FROM langgraph_server.assistants")
    used.apply(used.plan())
    with reader.connected() as pair:
        verification = VerificationPage(pair, VerifySettings(supabase="sandbox:used"))
    assert "public.store: row security hides rows" in terminal.shown(verification.report, tmp_path, None, "")
    checks = {check.name: check.passed for check in verification.report.checks}
    assert checks["no finding is open"] is None, "nobody looked whether a hidden row dangles"
    with reader.connected() as pair, pytest.raises(UnbelievableReadError, match=r"public\.store: row security"):
        refuse_obstacles(pair)


def test_what_people_of_another_organization_may_have_seen_is_said_row_by_row_as_far_as_the_evidence_tells(
    damaged: str,
) -> None:
    conninfo = addresses.resolve(damaged).conninfo.get_secret_value()

    def told() -> str:
        return dict(answers(looked(damaged).in_short()))["What happens to conversations?"]

    run(conninfo, damage.run(BARE, "same") + damage.session("same", FIFTH))
    assert "Possible exposure between organizations, on 1 row; what to do about it is among the steps:" in told()
    held = (
        f"{FOURTH}, owner {USER}: under the id of Recherche of DocProc GmbH; "
        "DocProc GmbH's people get its content (conflict)"
    )
    assert f"{held}." in told()
    assert f"{BARE}, owner" not in told(), "both agents are of one organization"
    run(
        conninfo,
        damage.run(BARE, "other")
        + damage.session("other", THIRD)
        + damage.run(FOURTH, "astray")
        + damage.session("astray", FIRST),
    )
    assert (
        f"{BARE}, owner {USER}: conversations of ImmoFlow 2 (bare, same), DocProc GmbH 1 (other) ran on it (stray)."
        in told()
    )
    assert f"{held}; conversations of ImmoFlow 1 (astray) ran on it (misrouted)." in told()
    assert f"2 of these rows are of one owner, {USER}." in told()


def test_the_line_to_paste_shows_whose_a_row_is_where_its_owner_is_a_member_and_its_threads(damaged: str) -> None:
    conninfo = addresses.resolve(damaged).conninfo.get_secret_value()
    run(conninfo, damage.run(FOURTH, "astray"))
    (line,) = re.findall(
        r"SELECT assistant\.\*.*? ORDER BY assistant\.id",
        dict(answers(looked(damaged).in_short()))["What happens to conversations?"],
    )
    (row,) = run(conninfo, line)
    assert (row["id"], row["owner"], row["threads"], row["owner_is_member_of"]) == (
        FOURTH,
        USER,
        ["astray"],
        ["ImmoFlow"],
    )
    apart = exposure.query([FOURTH], is_one_database=False)
    (row,) = run(conninfo, apart)
    assert "organization_members" not in apart
    assert (row["id"], row["threads"]) == (FOURTH, ["astray"])


def test_a_row_of_the_systems_that_names_another_organizations_agent_is_a_possible_exposure(
    reference: Callable[[str], str],
) -> None:
    name = reference("healthy")
    conninfo = addresses.resolve(name).conninfo.get_secret_value()
    run(conninfo, damage.names_agent(FIRST, SECOND))
    assert "Possible exposure" not in text_of(looked(name).in_short())
    run(conninfo, damage.names_agent(FIRST, THIRD))
    told = text_of(looked(name).in_short())
    assert (
        f"{FIRST}, owner system: under the id of Dokumenten-Assistent of ImmoFlow; "
        "it names an agent of DocProc GmbH (conflict)." in told
    )


def test_a_conflict_that_exposes_nobody_comes_with_a_line_of_its_own_that_shows_the_row(
    reference: Callable[[str], str],
) -> None:
    name = reference("healthy")
    run(addresses.resolve(name).conninfo.get_secret_value(), damage.names_agent(FIRST, SECOND))
    (line,) = re.findall(r"SELECT assistant\.\*.*? ORDER BY assistant\.id", text_of(looked(name).next_steps()))
    (row,) = run(addresses.resolve(name).conninfo.get_secret_value(), line)
    assert (row["id"], row["owner"]) == (FIRST, "system")


def test_the_steps_come_in_the_order_in_which_they_are_done_and_say_what_each_changes(damaged: str) -> None:
    diagnosis = looked(damaged)
    deploy, again, save, conflict, plan, apply, prove = map(
        text_of, re.findall(r"<li[^>]*>.*?</li>", diagnosis.next_steps().data)
    )
    assert re.search(rf"users reach their agents, before any repair\..* sync --supabase {damaged} --apply", deploy), (
        "what is real stands before what is for practice"
    )
    assert "This does not help agents whose id a user's row holds (conflict)." in deploy
    assert (
        f"diagnose --supabase {damaged} . It still finds the copies, and conversations on users' own assistants: they "
        "are for the repair that comes next." in again
    )
    assert save.startswith('Save what the query under "What happens to conversations?" shows')
    assert f"Recherche ({FOURTH}): " in conflict
    assert f"add --allow conflict:{FOURTH} to the next command. Its owner loses it; the journal keeps it." in conflict
    assert f"repair --supabase {damaged} . It changes nothing." in plan
    assert apply.startswith(
        "Before the repair: confirm a backup of each database, and have the plan's page approved. Then apply the plan"
    )
    assert prove.startswith("Prove it as a user meets it; put your server's address in: assistant-toolkit verify ")
    assert "--api-url https://YOUR-SERVER --api-token env:USER_JWT . This only reads." in prove
    assert prove.endswith("Without --api-url it checks the tables alone: ○ CLEAN .")
    assert diagnosis.report.at_a_glance.next[1].endswith(f"diagnose --supabase {damaged}")


async def test_what_the_steps_promise_of_a_deployment_is_what_the_fixed_servers_start_does(damaged: str) -> None:
    base = addresses.resolve(damaged)
    await startup.startup_agent_sync(connections_to(base), scope=Scope.parse("all"))
    after = looked(damaged)
    assert after.report.at_a_glance.headline == "Users do not reach 1 of the 5 agents."
    assert re.findall(r'data-label="agent"[^>]*>([^<]*)<', after.by_agent().data) == ["Recherche"]
    assert text_of(after.why()).startswith("Why? The copies are left over")
    told = text_of(after.next_steps())
    assert told.startswith("Save what the query"), "neither a deployment nor what stands in for it"
    assert "Look at the row that holds the id of Recherche" in told


def test_with_the_guard_the_pages_say_restart_then_what_rows_cannot_show_and_how_to_remove_it(
    reference: Callable[[str], str],
) -> None:
    name = reference("broken")
    base = addresses.resolve(name)
    with connect(base) as connection:
        guard.install(connection)
    page, plan = looked(name), proposed(name)
    seen = page.report.at_a_glance
    assert seen.next[0] == "Restart the server: the guard gives its rows the right ids. Then look again:"
    assert text_of(page.next_steps()).startswith("Restart the server. Its sync makes the agents' assistants, and the")
    assert "the next start of the server adds the assistants that are missing" in text_of(page.why())
    assert "The guard is installed: the next restart adds no copy." in dict(answers(page.in_short()))["Since when?"]
    assert plan.report.at_a_glance.headline == "Do not approve this plan yet: restart the server first."
    assert plan.report.at_a_glance.next[0] == "Once the server has started, make the plan again:"
    for said in (seen.tiles["Since"], text_of(page.next_steps()), text_of(plan.next_steps()), repr(plan), repr(page)):
        assert "more copies" not in said
        assert "Do not restart" not in said
        assert "making copies" not in said

    conninfo = base.conninfo.get_secret_value()
    run(conninfo, "ALTER TABLE langgraph_server.assistants DISABLE TRIGGER USER")
    assert looked(name).report.at_a_glance.next[0] == "Deploy the fixed store. Then look again:", "it does not work"
    run(conninfo, "ALTER TABLE langgraph_server.assistants ENABLE TRIGGER USER")

    asyncio.run(startup.startup_agent_sync(connections_to(base), scope=Scope.parse("all")))
    page, plan = looked(name), proposed(name)
    seen = page.report.at_a_glance
    assert (
        seen.headline == "The guard is still installed. With it, rows cannot show whether the fixed store is deployed."
    )
    assert seen.next == (
        "If the fixed store is deployed, remove the guard:",
        f"assistant-toolkit guard remove --langgraph {name} --apply",
        "Then look again:",
        f"assistant-toolkit diagnose --supabase {name}",
    )
    assert repr(page).endswith(f"then look again: {seen.next[1]}")
    assert "Until then the server hides" not in text_of(page.next_steps()) + text_of(plan.in_short()) + repr(plan)
    assert "To practise without a server" not in text_of(page.next_steps())

    assert CliRunner().invoke(main, seen.next[1].split()[1:]).exit_code == 0
    assert looked(name).report.word == "to clean up"


def test_a_healthy_database_is_not_talked_into_trouble(reference: Callable[[str], str]) -> None:
    diagnosis = looked(reference("healthy"))
    told, seen = dict(answers(diagnosis.in_short())), diagnosis.report.at_a_glance
    assert told["What is broken?"] == "Nothing."
    assert seen.headline == "Every agent has its assistant, as the tables say. The server was not asked."
    assert (seen.tone, seen.tiles["Organizations"]) == ("not asked", ("none affected",))
    assert text_of(diagnosis.by_agent()) == "No agent: each has its assistant, and none has copies."
    assert diagnosis.timeline() is None


def test_the_findings_are_a_dataframe_and_an_agent_is_found_by_name_and_by_any_spelling_of_its_id(damaged: str) -> None:
    diagnosis = looked(damaged)
    assert diagnosis.findings.groupby("kind").size()["duplicate"] == 11
    by_name = diagnosis.agent("Dokumenten-Assistent")
    assert by_name.data == diagnosis.agent(FIRST.upper().replace("-", "")).data
    told = text_of(by_name)
    assert "runs.assistant_id 475ee6a8c60f46b885e1079bec764fbd 3" in told
    assert f"repair --supabase {damaged} --only {FIRST}" in told
    assert "Rechts-Assistent" not in told


def test_drift_is_told_by_the_names_of_the_settings_that_differ(reference: Callable[[str], str]) -> None:
    name = reference("healthy")
    changed = """name = 'Ältere <b>', config = jsonb_set(config, '{configurable}', config->'configurable'
                                    || '{"model_name": "older", "x": 1, "system_prompt": "SECRET"}')"""
    run(
        addresses.resolve(name).conninfo.get_secret_value(),
        f"UPDATE langgraph_server.assistants SET {changed} WHERE id = '{THIRD}'",
    )
    told = text_of(looked(name).show("drift"))
    assert (
        'config model_name, system_prompt, x name: "Ältere <b>" instead of "Wartungsbericht-Analyst"; '
        'model_name: "older" instead of "openai:gpt-4o"; x: 1 instead of null' in told
    )
    assert "drift, 5 (name 5, model_name 1, system_prompt 1, x 1)" in text_of(looked(name).in_short())
    assert "SECRET" not in told


def test_copies_are_compared_with_what_is_kept_and_with_nothing_where_somebody_elses_row_stands(damaged: str) -> None:
    shown = looked(damaged).show("duplicate").data or ""
    row = dict(re.findall(r'data-label="agent"[^>]*>([^<]*)</td>(.*?)</tr>', shown))
    assert re.search(r'data-label="differs in graph or settings"[^>]*>nothing<', row["Dokumenten-Assistent"])
    assert re.search(r'data-label="differs in graph or settings"[^>]*><', row["Recherche"])
    assert 'data-label="state"' not in shown, "it would say the same in each row"
    assert "Each row: open; its metadata names the agent." in shown


def test_kinds_without_a_finding_take_one_line(damaged: str) -> None:
    assert (
        text_of(looked(damaged).show("missing", "hidden", "not_written_back"))
        == "Not found: missing, hidden, not_written_back."
    )


@pytest.mark.parametrize(("total", "shown"), [(0, 0), (10, 10), (13, 13), (14, 10), (1000, 10)])
def test_a_list_is_cut_only_where_that_saves_something(total: int, shown: int) -> None:
    assert phrases.fit(total, 10) == shown
    assert phrases.named(map(str, range(total)), total, 10).endswith(f" and {total - shown} more") == (total > shown)


def test_an_unknown_kind_is_refused_by_name(reference: Callable[[str], str]) -> None:
    with pytest.raises(ParameterError, match="got kind 'wrong'; did you mean 'wrong_id'"):
        looked(reference("healthy")).show("wrong")  # type: ignore[arg-type]


def test_names_that_hold_html_are_shown_as_they_are(reference: Callable[[str], str]) -> None:
    name = reference("broken")
    run(
        addresses.resolve(name).conninfo.get_secret_value(),
        "UPDATE public.agents SET name = '<script>alert(1)</script>'",
    )
    diagnosis, plan = looked(name), proposed(name)
    for shown in (
        diagnosis.in_short(),
        diagnosis.show("wrong_id"),
        diagnosis.agent(FIRST),
        diagnosis.blast_radius(),
        plan.steps(),
        plan.left(),
    ):
        assert "<script" not in (shown.data or "")
    assert "&lt;script&gt;" in (plan.steps().data or "")


def test_memories_that_no_repair_moves_are_counted_before_and_after_it(reference: Callable[[str], str]) -> None:
    name = reference("healthy")
    whose = {"one": [SECOND], "key-is-taken": [SECOND], "of-two-agents": [SECOND, FIRST], "of-none": []}
    seed = [damage.stray(BARE), damage.memory(SECOND, "key-is-taken")]
    for user, agents in whose.items():
        seed.append(damage.memory(BARE, user))
        for agent in agents:
            thread = f"{user}-{agent}"
            seed += [damage.thread(thread, {"owner": user, "assistant_id": BARE}), damage.session(thread, agent)]
    run(addresses.resolve(name).conninfo.get_secret_value(), "".join(seed))
    stays = "6 memory rows of 3 users (3 in langgraph_server.store_items, 3 in public.store)"
    before = dict(answers(looked(name).in_short()))
    assert "8 memory rows stand on bare assistants" in before["What happens to conversations?"]
    assert "These are 4 memories, since one in both tables counts twice." in before["What happens to conversations?"]
    assert "2 rows move with a repair, and 6 stay (3 memories)." in before["What happens to conversations?"]
    assert (
        "Why memories stay: their user talked to several agents on that assistant, or to none, so no row says whose "
        "they are (4 rows); the agent has a memory of this key already (2 rows)."
    ) in before["What does a repair leave, and why?"], "each reason with its count"
    assert stays in before["What does a repair leave, and why?"]
    plan = proposed(name, apply=True)
    with connected(*plan.settings.databases()) as pair:
        plan.apply(pair, plan.settings)
    mended = looked(name)
    after = dict(answers(mended.in_short()))
    assert "The agents do not see 6 memory rows of 3 users. No repair changes that." in text_of(mended.why())
    assert "Tell 3 users (key-is-taken, " in (text_of(mended.next_steps()))
    assert after["What is broken?"].startswith(f"Nothing that a repair can mend. Not moved by any repair: {stays}.")
    assert "6 memory rows stand on bare assistants" in after["What happens to conversations?"]
    assert "No repair moves them." in after["What happens to conversations?"]
    assert stays in after["What stays, and why?"]


def test_agents_that_are_not_in_use_are_counted_as_left_out(reference: Callable[[str], str]) -> None:
    name = reference("healthy")
    said = "1 agent is draft, disabled or deleted, and left out."
    conninfo = addresses.resolve(name).conninfo.get_secret_value()
    run(conninfo, f"DELETE FROM public.agents WHERE id = '{NOT_IN_USE[0]}'")
    assert said in text_of(looked(name).in_short())
    assert "left out" not in text_of(looked(name, scope="org:33333333-3333-4333-8333-333333333333").in_short())
