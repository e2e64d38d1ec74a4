"""The record of a repair: the same numbers before it, after it, and in its undo; who ran it, and what it moved."""

import asyncio
import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.constants import EVERYBODY
from tests.databases import MakeDatabases
from toolkit.database.connection import connections_to
from toolkit.pages.diagnosis import DiagnosisPage
from toolkit.pages.repair import RepairPage
from toolkit.pages.undo import UndoPage
from toolkit.settings import DiagnoseSettings, RepairSettings, UndoSettings
from toolkit.sync import startup


def told(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "report.json").read_text())
    return report


def test_week_of_use_is_told_in_the_same_numbers_by_plan_repair_and_undo(
    databases: MakeDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"SERVER_URL": "https://github.com", "REPOSITORY": "a/b", "RUN_ID": "7", "ACTOR": "ann"}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    used = databases("used")
    other_side = None if used.is_one else connections_to(used.langgraph)
    asyncio.run(startup.startup_agent_sync(connections_to(used.supabase), other_side, scope=EVERYBODY))
    with used.connected() as pair:
        found = DiagnosisPage(pair, DiagnoseSettings())
        assert found.report.message.startswith(
            "Practice database. Every agent has its assistant again, as the tables say. What is left is cleaning up: "
        )
        assert "15 copies" in found.report.message
        assert (found.report.word, found.report.users, found.report.exit_status) == ("to clean up", "unasked", 2)
        seen = found.report.at_a_glance
        assert seen.headline == "Every agent has its assistant again, as the tables say. What is left is cleaning up."
        assert "No row shows whether the fixed store is deployed: a `sync --apply` makes the same rows." in seen.details
        assert not [each for each in seen.details if each.startswith("New conversations get")], "nobody asked"
        organizations, which = found.report.at_a_glance.tiles["Organizations"]
        assert organizations == "2 with copies or strays to clean up"
        assert re.fullmatch(r"[A-Z]\S.* \d, [A-Z]\S.* \d", which), "by name"
        stays = (
            "74 memory rows of 10 users (37 in langgraph_server.store_items, 37 in public.store) and 7 crons of 6 users"
        )
        assert f"Not moved by any repair: {stays}." in found.in_short().data
        assert "130 memory rows stand on bare assistants of users" in found.in_short().data
        assert "30 bare assistants of 20 users" in found.why().data

        before = used.rows()
        settings = RepairSettings(apply=True, report_dir=str(tmp_path))
        repair = RepairPage(pair, settings)
        repair.write()
        (not_moved,) = repair.report.at_a_glance.details
        assert not_moved.startswith(f"Not moved by any repair: {stays}. Why memories stay: ")
        assert "30 assistants of users stay" in repair.in_short().data
        planned, threads = told(tmp_path), (tmp_path / "threads.csv").read_text()

        repair.apply(pair, settings)
        repair.write()
        assert "No data was lost" in repair.report.at_a_glance.details[0]
        assert f"Not moved by any repair: {stays}." in repair.report.at_a_glance.details[1]
    with used.connected() as pair:
        mended = DiagnosisPage(pair, DiagnoseSettings())
        assert f"Not moved by any repair: {stays}." in mended.report.at_a_glance.details[0]
        assert mended.report.at_a_glance.details[1].startswith("run-1 repaired 5 agents at ")
        assert "Nothing that a repair can mend." in mended.in_short().data
        left = "SELECT count(*) AS n FROM public.store WHERE split_part(prefix, '.', 3) = ANY (%s)"
        bare = [row.assistant_id for row in mended._diagnosis.of("stray")]
        assert pair.langgraph.execute(left, [bare]).fetchone() == {"n": 37}
    after, applied = used.rows(), told(tmp_path)
    differing = {name.split(" ")[1]: (Counter(rows) - Counter(after[name])).total() for name, rows in before.items()}
    changes = {name: count for name, count in differing.items() if count}
    assert (planned["changes"], planned["made"]) == (changes, {})
    assert changes.keys() >= {"langgraph_server.assistants", "langgraph_server.store_items", "public.checkpoints"}
    rows_in_all = sum(changes.values())
    assert f"{rows_in_all} rows changed or removed (langgraph_server.assistants 15, " in planned["message"]
    assert repair.report.run is not None
    assert applied["run"]["audit"]["ci"] == "https://github.com/a/b/actions/runs/7 of ann"
    assert applied["run"]["digest"] == repair.plan.digest
    assert repair.report.word in ("repaired", "partial")
    assert [applied[name] for name in ("changes", "made")] == [planned["changes"], planned["made"]]
    assert (tmp_path / "threads.csv").read_text() == threads
    rows = list(csv.DictReader(threads.splitlines()))
    assert list(rows[0]) == ["conversation", "user", "from", "to"]
    assert all(row["user"] and row["from"] != row["to"] for row in rows)
    assert len({row["conversation"] for row in rows}) == repair.plan.changes.threads

    with used.connected() as pair:
        shown = UndoPage(pair, UndoSettings(run="run-1"))
        assert (shown.report.word, shown.report.changes) == ("shown", changes)
        restored = shown.restoration()
        assert restored is not None
        assert "this undo does not change it" in restored.data
        assert "No agent, as the rows are now." in restored.data
        (run,) = shown._runs
        assert (run.rows, run.digest) == (rows_in_all, repair.plan.digest)
        assert run.audit is not None
        assert run.audit.ci == "https://github.com/a/b/actions/runs/7 of ann"
        assert run.audit.approved == "none needed: a practice database"
        assert run.audit.changes == repair.plan.changes
        undone = UndoPage(pair, UndoSettings(run="run-1", apply=True))
        assert (undone.report.word, undone.report.verdict, undone.report.changes) == ("undone", "undone", changes)
        listed = UndoPage(pair, UndoSettings())
        assert listed.report.word == "listed"
        assert f"{rows_in_all} rows, undone" in listed.report.message
        assert "None of them can be undone any more." in listed.report.message
        again = UndoPage(pair, UndoSettings(run="run-1"))
        assert again.report.word == "undone"
        assert "nothing of it is left to undo" in again.report.message
        assert "--apply" not in again.report.message
