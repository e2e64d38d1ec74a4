"""Do a diagnosis and a plan answer what somebody asks who has never seen this project?"""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import damage
from tests.integration.conftest import run
from toolkit import addresses, overview, proposal
from toolkit.database import connected
from toolkit.errors import ParameterError
from toolkit.overview import Overview
from toolkit.proposal import Proposal
from toolkit.settings import DiagnoseSettings, RepairSettings

FIRST, SECOND, THIRD, FOURTH, FIFTH = damage.AGENTS
COPY = "475ee6a8c60f46b885e1079bec764fbd"
"""The newest copy of the first agent in the dump of a broken server."""
BARE = "1111111111111111111111111111111a"


@pytest.fixture
def damaged(reference: Callable[[str], str]) -> str:
    """Name a database where much is wrong: conversations on copies and on a bare row, a squatter, an orphan."""
    name = reference("broken")
    conninfo = addresses.resolve(name).conninfo.get_secret_value()
    seed = [
        *(damage.run(COPY, f"t{number}") for number in range(3)),
        damage.reference("crons.assistant_id", COPY, "c"),
        damage.stray(BARE),
        damage.run(BARE, "bare"),
        damage.session("bare", SECOND),
        damage.orphan("9" * 32, damage.NOT_IN_USE[0]),
    ]
    run(conninfo, "".join(seed))
    run(
        conninfo,
        f"INSERT INTO langgraph_server.assistants (id, graph_id, metadata) VALUES ('{FOURTH}', 'x', '{{\"owner\": \"{damage.USER}\"}}')",
    )
    return name


def looked(name: str) -> Overview:
    wanted = DiagnoseSettings(supabase=name)
    with connected(*wanted.databases()) as pair:
        return overview.look(pair, wanted)


def proposed(name: str, **more: Any) -> Proposal:
    wanted = RepairSettings(supabase=name, **more)
    with connected(*wanted.databases()) as pair:
        return proposal.propose(pair, wanted)


def text_of(shown: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown.data)).split())


def answers(shown: Any) -> Iterator[tuple[str, str]]:
    for question, answer in re.findall(r"<th[^>]*>(.*?)</th><td[^>]*>(.*?)</td>", shown.data):
        yield html.unescape(question), html.unescape(re.sub(r"<[^>]+>", " ", answer))


def test_the_ten_questions_about_a_damaged_database_are_answered(damaged: str) -> None:
    told = dict(answers(looked(damaged).in_short()))
    assert list(told) == [
        "What is broken?", "How many agents?", "Which organizations?", "Since when?", "What do users see?", "What happens to conversations?",
        "What comes next?", "Can it be undone?", "What will a repair leave, and why?", "Can this be believed?",
    ]  # fmt: skip
    assert "wrong_id, 4: the agent's assistant is stored under another id" in told["What is broken?"]
    assert told["How many agents?"].startswith("5 of 5 cannot be reached under their ids: Dokumenten-Assistent, ")
    assert "ImmoFlow (11111111-1111-4111-8111-111111111111): 3 agents" in told["Which organizations?"]
    assert told["Since when?"].startswith("2026-11-22 19:00:55 UTC, the first wrong row")
    assert (
        "the front end falls back to a bare assistant with the wrong model and no tools" in told["What do users see?"]
    )
    assert "runs 3, crons 1" in told["What happens to conversations?"]
    assert "1 conversation ran on users' own bare assistants" in told["What happens to conversations?"]
    assert told["What comes next?"].startswith("1. Deploy the fixed store first")
    assert f"python -m toolkit repair --supabase {damaged}" in told["What comes next?"]
    assert f"python -m toolkit undo --supabase {damaged}" in told["Can it be undone?"]
    assert all(f"{kind}, 1: " in told["What will a repair leave, and why?"] for kind in ("conflict", "stray", "orphan"))
    assert told["Can this be believed?"].startswith("Yes. ")


def test_the_steps_name_the_squatted_agent_and_give_a_line_that_shows_the_row(damaged: str) -> None:
    diagnosis = looked(damaged)
    steps = dict(answers(diagnosis.in_short()))["What comes next?"]
    assert f"Recherche ({FOURTH}): " in steps
    assert f"--allow conflict:{FOURTH}" in steps
    assert dict(answers(diagnosis.next_command()))["What comes next?"] == steps
    (line,) = re.findall(r"SELECT id, .*? = '[^']*'", steps)
    with psycopg.connect(addresses.resolve(damaged).conninfo.get_secret_value()) as connection:
        ((id, owner, *_, runs),) = connection.execute(line).fetchall()
    assert (id, owner, runs) == (FOURTH, damage.USER, 0)


def test_a_healthy_database_is_not_talked_into_trouble(reference: Callable[[str], str]) -> None:
    diagnosis = looked(reference("healthy"))
    told = dict(answers(diagnosis.in_short()))
    assert (told["What is broken?"], told["Which organizations?"], told["What comes next?"]) == (
        "Nothing.",
        "None.",
        "Nothing.",
    )
    assert told["How many agents?"] == "None of 5: every agent's id leads to its assistant."
    assert (diagnosis.timeline(), diagnosis.by_organization()) == (None, None)


def test_the_findings_are_a_dataframe_and_an_agent_is_found_by_name_and_by_any_spelling_of_its_id(damaged: str) -> None:
    diagnosis = looked(damaged)
    assert diagnosis.findings.groupby("kind").size()["duplicate"] == 11
    by_name = diagnosis.agent("Dokumenten-Assistent")
    assert by_name.data == diagnosis.agent(FIRST.upper().replace("-", "")).data
    told = text_of(by_name)
    assert "runs.assistant_id 475ee6a8c60f46b885e1079bec764fbd 3" in told
    assert f"repair --supabase {damaged} --only {FIRST}" in told
    assert "Rechts-Assistent" not in told
    assert "No finding names agent 'nobody'" in text_of(diagnosis.agent("nobody"))


def test_drift_is_told_by_the_names_of_the_settings_that_differ(reference: Callable[[str], str]) -> None:
    name = reference("healthy")
    changed = """config = jsonb_set(config, '{configurable}', config->'configurable' || '{"model_name": "older", "x": 1, "system_prompt": "SECRET"}')"""
    run(
        addresses.resolve(name).conninfo.get_secret_value(),
        f"UPDATE langgraph_server.assistants SET {changed} WHERE id = '{THIRD}'",
    )
    told = text_of(looked(name).show("drift"))
    assert " config model_name, system_prompt, x" in told
    assert "SECRET" not in told


def test_an_unknown_kind_is_refused_by_name(reference: Callable[[str], str]) -> None:
    with pytest.raises(ParameterError, match="got kind 'wrong'; kinds are conflict, "):
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


def test_the_ten_questions_of_whoever_approves_a_plan_are_answered(damaged: str, tmp_path: Path) -> None:
    plan = proposed(damaged, report_dir=str(tmp_path))
    told = dict(answers(plan.in_short()))
    assert len(told) == 10
    assert told["Which rows change?"].startswith(
        "4 of 5 agents are touched: Dokumenten-Assistent, Rechts-Assistent, Wartungsbericht-Analyst and 1 more. 4 agents' newest copies are stored under the agents' own ids"
    )
    assert told["Which rows disappear?"].startswith(
        "12 rows of langgraph_server.assistants: 4 old rows under random ids, and 8 further copies; their ids are below, agent by agent."
    )
    assert "runs.assistant_id: 3 rows" in told["What moves along?"]
    assert "1 conversation that ran on users' own assistants, to the agent that their session or runs name" in told["What moves along?"]
    assert "duplicate, 3: waits until the agent's id is free." in told["What is left as it is, and why?"]
    assert told["What must come first?"].startswith("Deploy the fixed store")
    cost = told["What else will it set off, and what does it cost?"]
    assert "Roughly: WAL under 1 MB, the journal under 1 MB, disk until VACUUM under 1 MB." in cost
    assert "Backup: " in cost
    assert f"python -m toolkit undo --supabase {damaged}" in told["What if it is wrong?"]
    assert "assistant before" in text_of(plan.steps())
    plan.write()
    assert {file.name for file in tmp_path.iterdir()} == {"report.json", "findings.csv", "plan.json", "plan.sql"}
    assert "INSERT INTO langgraph_server.assistants" in (tmp_path / "plan.sql").read_text()
    assert "apply is False. Nothing was changed." in text_of(plan.outcome())
    assert repr(plan).startswith("MISMATCHED: Nothing was changed, so what is wrong stays wrong. The plan: rekey 4, remove 8, move 5; 12 old rows to go.")


def test_a_repair_that_was_made_says_how_to_take_it_back_and_which_ids_it_replaced(damaged: str, tmp_path: Path) -> None:
    plan = proposed(damaged, apply=True, report_dir=str(tmp_path))
    with connected(*RepairSettings(supabase=damaged).databases()) as pair:
        plan.apply(pair)
    head, *replaced = (tmp_path / "id_map.csv").read_text().splitlines()
    assert head == "old_id,new_id,agent_id"
    assert len(replaced) == 12
    assert all(row.split(",")[1] == row.split(",")[2] for row in replaced)
    assert f"undo --supabase {damaged} --run run-1" in text_of(plan.outcome())
    assert plan.report.verdict == "partial", "the squatter stays"
    assert f"verify --supabase {damaged} --api-url URL" in text_of(plan.next_command())
