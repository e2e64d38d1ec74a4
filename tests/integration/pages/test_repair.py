"""The repair page, asked what somebody asks who approves a plan."""

import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

import toolkit
from tests.databases import run
from tests.integration.pages.reading import FIFTH, FIRST, SECOND, THIRD, answers, looked, proposed, text_of
from toolkit.database import addresses
from toolkit.database.connection import connected, connections_to
from toolkit.pages import ci
from toolkit.pages.undo import UndoPage
from toolkit.scope import Scope
from toolkit.settings import RepairSettings, UndoSettings
from toolkit.sync import startup

OLD_SERVER = "By the rows' times, the old server still runs. Users get 404 until the fixed store is deployed."


def test_the_ten_questions_of_whoever_approves_a_plan_are_answered(damaged: str, tmp_path: Path) -> None:
    plan = proposed(damaged, report_dir=str(tmp_path))
    told = dict(answers(plan.in_short()))
    assert len(told) == 11, "and how the fixed store is deployed"
    assert told["Which rows change?"].startswith(
        "4 of 5 agents are touched: Dokumenten-Assistent, Rechts-Assistent, Wartungsbericht-Analyst, Persönlicher "
        "Assistent. 4 agents' newest copies get the agents' own ids."
    )
    assert told["Which rows disappear?"].startswith(
        "12 rows of langgraph_server.assistants: 4 old rows under random ids, and 8 further copies. "
        "Their ids are above, agent by agent."
    )
    assert "runs.assistant_id: 3 rows" in told["What moves along?"]
    assert (
        "1 conversation moves from 1 assistant of users to the agents: Rechts-Assistent 1 from 1 assistant of users."
        in told["What moves along?"]
    )
    assert "Memories (store_items, public.store): none moves." in told["What moves along?"]
    left = told["Which findings stay, and what follows?"]
    assert "duplicate, 3: waits until the agent's id is free." in left
    assert left.startswith("Of 17 open findings 4 stay open (conflict 1, duplicate 3) after this plan.")
    assert told["What must come first?"].startswith("Not done yet: Deploy the fixed store")
    assert (
        "Afterwards these differ from Supabase until the server's next sync: Dokumenten-Assistent (name), "
        in told["Will users notice?"]
    )
    cost = told["What else will it set off, and what does it cost?"]
    assert cost.startswith("It makes the journal, the schema assistant_repair, unless it is there. Nothing else: ")
    assert "Roughly: WAL under 1 MB, the journal under 1 MB, disk until VACUUM under 1 MB." in cost
    assert f"assistant-toolkit undo --supabase {damaged}" in told["What if it is wrong?"]
    assert "assistant before" in text_of(plan.steps())
    plan.write()
    written = {"report.json", "findings.csv", "threads.csv", "plan.json", "plan.sql"}
    assert {file.name for file in tmp_path.iterdir()} == written
    assert "INSERT INTO langgraph_server.assistants" in (tmp_path / "plan.sql").read_text()
    (printed,) = re.findall(
        rf"head -c 28 {tmp_path}/plan.json prints (.*?) \. The", told["Is it this plan that will run?"]
    )
    assert (tmp_path / "plan.json").read_text()[:28] == printed
    assert plan.outcome() is None, "nothing was done"
    rows = re.findall(
        r'data-label="finding"[^>]*>drift<.*?data-label="assistant" title="([^"]*)"', plan.left().data or ""
    )
    assert rows == [FIRST, SECOND, THIRD, FIFTH], "by the ids that are there afterwards"
    assert (plan.report.verdict, plan.report.exit_status) == ("mismatched", 2), "for machines: it is open still"
    assert repr(plan).startswith("PLANNED: ")
    assert (
        "→ PLANNED Practice database. Do not approve this plan: the server still makes copies. Nothing was changed yet."
        in text_of(plan.report.head())
    )
    assert ci.markdown(plan.report).startswith("## ➡️ repair: planned\n")


def test_a_plan_that_waits_for_a_deployment_is_not_to_be_approved_and_what_applies_it_is_not_shown(
    damaged: str,
) -> None:
    plan = proposed(damaged)
    first = dict(answers(plan.in_short()))["What must come first?"]
    assert "What that start syncs makes this plan out of date, agent by agent." in first
    assert "nothing is lost. The old server hides the repaired rows from users." in first
    assert first.endswith(
        "Still to do: save what the diagnosis's page shows as possible exposure (1 row), and tell the person who "
        "answers for data protection."
    )
    purpose, command = plan.report.at_a_glance.next
    assert purpose == "Once the fixed store is deployed and the server has started, make the plan again:"
    assert command == f"assistant-toolkit repair --supabase {damaged}"
    assert "--apply" not in text_of(plan.next_steps())


async def test_a_plan_that_was_made_after_the_fixed_servers_start_can_be_approved(damaged: str, tmp_path: Path) -> None:
    await startup.startup_agent_sync(connections_to(addresses.resolve(damaged)), scope=Scope.parse("all"))
    plan = proposed(damaged, report_dir=str(tmp_path))
    told = dict(answers(plan.in_short()))
    assert told["What must come first?"].startswith("The deployment of the fixed store, if it is not done.")
    assert "differ from Supabase" not in told["Will users notice?"], "the sync wrote it all"
    assert "No assistant is made or changed" in told["Which rows change?"]
    assert (
        "Rows of these tables name the agents' ids afterwards: langgraph_server.crons 1, langgraph_server.runs 4"
        in (told["Which rows change?"])
    )
    assert told["Which rows disappear?"].startswith("12 rows of langgraph_server.assistants: 12 further copies. ")
    apply = f"assistant-toolkit repair --supabase {damaged} --report-dir {tmp_path} --apply --plan {tmp_path}/plan.json"
    assert repr(plan).endswith(f"Once it is approved: {apply}")
    assert plan.report.at_a_glance.next[:2] == ("Once the plan is approved, and what must come first is done:", apply)
    steps = text_of(plan.next_steps())
    assert (
        f"apply the plan: {apply} Prove it as a user meets it; put your server's address in: assistant-toolkit" in steps
    )
    assert steps.count(plan.digest) == 1, "whole, and once"
    assert "A practice database needs no approval and no --digest" in steps
    assert steps.index("Confirm one before you approve") < steps.index("Have this page approved")


def test_a_repair_that_was_made_says_how_to_take_it_back_and_which_ids_it_replaced(
    damaged: str, tmp_path: Path
) -> None:
    plan = proposed(damaged, apply=True, report_dir=str(tmp_path))
    with connected(*RepairSettings(supabase=damaged).databases()) as pair:
        plan.apply(pair, plan.settings)
    head, *replaced = (tmp_path / "id_map.csv").read_text().splitlines()
    assert head == "old_id,new_id,agent_id"
    assert len(replaced) == 12
    assert all(row.split(",")[1] == row.split(",")[2] for row in replaced)
    assert f"undo --supabase {damaged} --report-dir {tmp_path} --run run-1" in text_of(plan.outcome())
    assert plan.report.verdict == "partial", "the squatter stays"
    assert "✗ PARTIAL Practice database. run-1 is done, but not all is repaired." in text_of(plan.report.head())
    seen = plan.report.at_a_glance
    assert seen.next[:2] == (
        "See what is left, and what would repair it:",
        f"assistant-toolkit repair --supabase {damaged} --report-dir {tmp_path}",
    )
    assert OLD_SERVER in seen.details
    assert OLD_SERVER in plan.report.message
    assert plan.next_steps() is None, "what had to be done before it was applied"
    wanted = UndoSettings(supabase=damaged, run="run-1")
    with connected(*wanted.databases()) as pair:
        undo = text_of(UndoPage(pair, wanted).restoration())
    assert "It removes 4 assistants that run-1 made under agents' ids. From then on users do not reach" in undo
    assert "ImmoFlow" in undo


def test_what_another_transaction_held_is_said_with_the_same_command_and_the_run_counts_its_agents(
    reference: Callable[[str], str], tmp_path: Path
) -> None:
    database = reference("broken")
    planned = toolkit.plan(supabase=database, report_dir=str(tmp_path))
    planned.write()
    named = {"supabase": database, "plan": str(tmp_path / "plan.json"), "digest": planned.plan.digest[:16]}
    conninfo = addresses.resolve(database).conninfo.get_secret_value()
    with psycopg.connect(conninfo) as other:
        other.execute(
            "SELECT FROM langgraph_server.assistants WHERE metadata->>'supabase_agent_id' = %s FOR UPDATE", [FIRST]
        )
        seen = toolkit.apply(**named).report.at_a_glance
    assert f"Left alone: {FIRST} (another transaction holds its rows; run the repair again)." in seen.details
    assert seen.next[1] == (f"assistant-toolkit repair --supabase {database} --apply --plan {tmp_path}/plan.json")
    seen = toolkit.apply(**named).report.at_a_glance
    assert seen.headline == "run-1 repaired 5 agents. Nothing is left for a repair."
    assert (seen.tone, seen.next[0]) == (
        "information",
        "Deploy the fixed store and restart the server. "
        "Then prove it as a user meets it; put your server's address in:",
    )
    shown = toolkit.undo(supabase=database).report.at_a_glance
    assert re.fullmatch(r"run-1: .* UTC, done, 5 agents, 20 rows", shown.details[0])


def test_a_repair_whose_files_cannot_be_written_is_said_to_be_done(
    reference: Callable[[str], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = proposed(reference("broken"), report_dir=str(tmp_path / "reports"))
    (tmp_path / "reports").touch()
    with connected(*page.settings.databases()) as pair:
        page.apply(pair, page.settings)
    assert capsys.readouterr().err == f"Warning: not written: {tmp_path}/reports (File exists)\n"
    assert page.report.verdict == page.write().verdict == "repaired"
    assert "run-1: rekey 5" in text_of(page.outcome())


def test_what_a_trigger_changes_is_excepted_from_what_undo_restores(reference: Callable[[str], str]) -> None:
    name = reference("broken")
    run(
        addresses.resolve(name).conninfo.get_secret_value(),
        "CREATE FUNCTION public.stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        "CREATE TRIGGER stamping BEFORE UPDATE ON public.agents FOR EACH ROW EXECUTE FUNCTION public.stamp()",
    )
    told = dict(answers(proposed(name).in_short()))
    assert (
        "A row that nobody changed since comes back as it was, except what triggers change in it, such as updated_at"
        " (stamping on public.agents). The journal"
    ) in told["What if it is wrong?"]


async def test_a_week_of_use_is_told_to_a_newcomer_from_the_first_look_to_the_undo(
    reference: Callable[[str], str], tmp_path: Path
) -> None:
    name = reference("used")
    seen = looked(name)
    assert "_details" not in vars(seen), "what only a page shows is not read for a verdict alone"
    told = dict(answers(seen.in_short()))
    latest = "Conversations on stray rows go on until a repair moves them: the latest was at 2026-11-22 "
    assert re.search(r"stray: rows made from 2026-11-16 [0-9:]+ UTC to 2026-11-2\d [0-9:]+ UTC\. ", told["Since when?"])
    assert latest in told["Since when?"], "and until when they were used"
    assert "These are 65 memories, since one in both tables counts twice." in told["What happens to conversations?"]
    assert (
        "The agents do not see what stays. 10 users have to say again what to remember."
        in (told["What happens to conversations?"])
    )
    assert "12 crons outside of conversations run on bare assistants of users" in told["What happens to conversations?"]
    assert (
        "5 move with a repair. 7 stay: no row says which agent each belongs to. 6 users have to make them again, or to "
        "delete them. Their user ids: c0de0000-0000-0000-0000-"
    ) in told["What happens to conversations?"]
    assert "With wrong_id's 5, that is 15 copies." in told["What is broken?"]
    assert "newest copy made" in text_of(seen.show("wrong_id"))
    assert "newest copy made" not in text_of(seen.show("duplicate"))
    assert "No conversation, cron or memory names a copy." in told["What do users see?"]
    by_agent = text_of(seen.by_agent())
    assert "on bare assistants" in by_agent
    assert "conversations 40, crons 1" in by_agent
    assert "rows that name a copy" not in by_agent, "none does"

    await startup.startup_agent_sync(connections_to(addresses.resolve(name)), scope=Scope.parse("all"))
    after = looked(name)
    assert after.report.at_a_glance.tiles["Since"][1] == "the last copy was made 2026-11-20 08:00 UTC", "not the sync"
    assert "The server then ignored the id that its sync passed in" in text_of(after.why())
    assert "Only an answer to a user proves it." in text_of(after.why()), "a sync makes them, too"
    assert "Each agent's newest copy counted as wrong_id before" in dict(answers(after.in_short()))["What is broken?"]
    assert "Before the repair: confirm a backup of each database" in text_of(after.next_steps())

    plan = proposed(name, apply=True, report_dir=str(tmp_path))
    rows = "runs 140, memory rows 56, threads 140, checkpoints 140"
    assert plan.report.at_a_glance.tiles["Rows to change or remove"] == (
        "496",
        f"assistants 15, crons 5, {rows}",
        "of 140 conversations and 20 users",
    )
    bridge = (
        f"Changed or removed: 496 rows (assistants 15, crons 5, {rows}). They concern 140 conversations and 20 users."
    )
    assert text_of(plan.changes()).startswith(bridge)
    assert "each of its rows, and the 56 memory rows that move, too." in text_of(plan.steps())
    approving = text_of(proposed(name, report_dir=str(tmp_path)).next_steps())
    assert all(file in approving for file in ("plan.json", "plan.sql", "threads.csv"))
    with connected(*plan.settings.databases()) as pair:
        plan.apply(pair, plan.settings)
    plan.write()
    done = dict(answers(plan.outcome()))
    assert "memories included" in text_of(plan.outcome())
    assert "id_map.csv" in text_of(plan.outcome())
    assert done["What does undo refuse?"].startswith("Undo works agent by agent. It refuses")
    assert "undo --supabase " in done["Until when can it be undone?"]
    assert not {"Will users notice?", "What must come first?"} & set(dict(answers(plan.in_short())))

    clean = looked(name)
    told = dict(answers(clean.in_short()))
    assert "No conversation is on a stray row now." in told["Since when?"]
    assert text_of(clean.why()).startswith(
        "What is left of the damage? No agent is affected now. What is left over: the front end made 30 bare"
    )
    met = (
        "The agents do not see 74 memory rows of 10 users. "
        "7 crons of 6 users run without the agent's prompt, model and tools."
    )
    assert f"Users: no conversation on these rows is known to be an agent's. {met}" in text_of(clean.show("stray"))
    assert met in text_of(clean.why())
    assert met in told["What do users see?"]
    steps = text_of(clean.next_steps())
    assert "--api-url https://YOUR-SERVER" in steps
    assert re.search(
        r"Tell 10 users \(c0de\S+0, .*\) that agents .* Tell 6 users \(c0de\S+0, .*\) that their crons", steps
    )
    assert clean.report.at_a_glance.tiles["Organizations"][1] == "what stays with users is named above"
    (made,) = [line for line in clean.report.at_a_glance.details if line.startswith("run-1 repaired 5 agents at ")]
    assert re.search(r", run by \S+ on \S+\. No data was lost", made)

    wanted = UndoSettings(supabase=name, run="run-1")
    with connected(*wanted.databases()) as pair:
        undo = text_of(UndoPage(pair, wanted).restoration())
    assert "496" in undo
    back = "After it, 15 copies are there again, and 140 conversations and 5 crons are on users' bare assistants again"
    assert f"{back}, and 56 memory rows name the old assistants again." in undo
    assert "Refused: 0 of 5 agents." in undo
    assert r"\n" not in "".join((*told.values(), *done.values(), undo)), "a macro's sentence stands in one line"


async def test_an_undo_that_would_refuse_every_agent_is_not_offered(reference: Callable[[str], str]) -> None:
    name = reference("broken")
    assert "Made: 5 rows." in text_of(toolkit.apply(supabase=name).outcome())
    await startup.startup_agent_sync(connections_to(addresses.resolve(name)), scope=Scope.parse("all"))
    for apply, headline in (
        (False, "Undo of run-1 would take back its changes for 0 of 5 agents. Nothing was changed."),
        (True, "Nothing was changed. Undo of run-1 was refused for all 5 agents."),
    ):
        page = toolkit.undo(supabase=name, run="run-1", apply=apply)
        seen = page.report.at_a_glance
        assert (seen.headline, seen.next[0]) == (headline, "See what the databases hold now:")
        assert seen.tiles["Rows restored" if apply else "Rows that undo restores"] == ("0", "none")
        told = text_of(page.restoration())
        assert "It changes nothing, since every agent is refused." in told
        assert "or wrote and a sync changed. For the other agents it stays possible" in told, "of all that the run made"
        assert ("--apply would change nothing." in repr(page)) == (not apply)
        assert "--run run-1 --apply" not in repr(page)
    assert "run-1 (" in (listed := repr(toolkit.undo(supabase=name)))
    assert ", done)" in listed, "an undo that was refused whole has not begun"


async def test_a_plan_for_one_agent_says_of_that_agent_alone_what_differs_afterwards(
    reference: Callable[[str], str],
) -> None:
    name, agent = reference("broken"), "a0000000-0000-4000-a000-000000000002"
    plan = proposed(name, only=[agent], apply=True)
    told = dict(answers(plan.in_short()))
    assert "Of 15 open findings 12 stay open" in told["Which findings stay, and what follows?"]
    assert "drift, 4: not named by --only. " in told["Which findings stay, and what follows?"] + " "
    page = proposed(name, only=[agent])
    after = dict(answers(page.in_short()))["Will users notice?"]
    assert "until the server's next sync: Rechts-Assistent (name)." in after
    with connected(*plan.settings.databases()) as pair:
        plan.apply(pair, plan.settings)
    refused = dict(answers(plan.outcome()))["What does undo refuse?"]
    assert "From then on undo refuses those of them whose assistants run-1 wrote." in refused
