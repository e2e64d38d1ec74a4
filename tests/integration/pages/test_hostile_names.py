"""Hostile names in both databases, through every command, and a session of the user's own around the calls."""

import csv
import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from psycopg import sql

from tests import damage
from tests.commands import toolkit
from tests.constants import AGENTS, COPY
from tests.databases import run
from tests.hostile_names import PARTS, acts, is_command
from tests.integration.pages.reading import SECOND, THIRD
from toolkit import escaping
from toolkit.database import addresses
from toolkit.notebooks import calls

_ID = "=1+1`\x1b::error::'\\\u202e"
"""The id of a user's row; an older server takes any text."""

_NAMES = [
    "\n::error::forged",
    "Ca$$h `rm` \u202e",
    "=HYPERLINK(1)",
    "##[add-mask]a\x1b[2J\x15",
    "a\rb</td><script>\x9b",
]


def name_everybody(conninfo: str) -> None:
    for table, key in (("agents", "id"), ("organizations", "id")):
        for number, row in enumerate(run(conninfo, f"SELECT {key}::text AS id FROM public.{table} ORDER BY {key}")):
            named = sql.SQL("UPDATE public.{} SET name = {} WHERE id = {}").format(
                sql.Identifier(table), sql.Literal(_NAMES[number % len(_NAMES)]), sql.Literal(row["id"])
            )
            run(conninfo, named.as_string())


def test_hostile_names_are_shown_by_every_command_and_obeyed_by_nobody(
    reference: Callable[[str], str], tmp_path: Path
) -> None:
    name = reference("broken")
    conninfo = addresses.resolve(name).conninfo.get_secret_value()
    name_everybody(conninfo)
    run(conninfo, damage.stray(_ID) + damage.run(COPY, "t"))
    for thread, agent in (("one", SECOND), ("two", THIRD)):
        run(conninfo, damage.run(_ID, thread) + damage.session(thread, agent))

    ran = toolkit("sync", "--supabase", name)
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.removesuffix("\n").split("\n")
    assert len(lines) == len(AGENTS) + 2, "a line for each agent, the counts, and what comes next"
    assert not any(acts(line) or is_command(line) for line in lines)

    found = calls.diagnose(supabase=name, report_dir=str(tmp_path))
    found.write()
    planned = calls.plan(supabase=name, report_dir=str(tmp_path))
    in_short = found.in_short()
    shown = [in_short, found.show(), found.blast_radius(), found.by_agent(), found.next_steps(), planned.in_short()]
    shown += [found.agent(_NAMES[1]), planned.steps(), planned.left()]
    for piece in [*(each.data for each in shown), found.report.head(), planned.report.head()]:
        assert acts(piece.replace("\n", "")) == []
        assert "<script" not in piece
        assert not re.search("<code[^>]*>rm</code>", piece)
    queries = re.findall("<code[^>]*>(SELECT.*?)</code>", in_short.data)
    assert [[row["id"] for row in run(conninfo, html.unescape(query))] for query in queries] == [[_ID]]

    repaired = calls.apply(planned)
    repaired.write()
    assert repaired.outcome() is not None
    assert not is_command(repr(repaired.report))
    with (tmp_path / "findings.csv").open(encoding="utf-8", newline="") as findings:
        cells = [cell for row in csv.reader(findings) for cell in row]
    assert not any(acts(cell) or cell.startswith(("=", "+", "-", "@")) for cell in cells)
    moved = list(csv.DictReader((tmp_path / "id_map.csv").read_text().splitlines()))
    assert {row["new_id"] for row in moved} == {row["agent_id"] for row in moved} == set(AGENTS)


def test_a_literal_of_sql_to_paste_means_the_text_whatever_the_sessions_settings(
    reference: Callable[[str], str],
) -> None:
    conninfo = addresses.resolve(reference("empty")).conninfo.get_secret_value()
    texts = [part for part in PARTS if "\ud800" not in part]
    listed = f"SELECT ARRAY[{', '.join(map(escaping.sql, texts))}] AS texts"
    for strings in ("on", "off"):
        assert run(conninfo, f"SET standard_conforming_strings = {strings}; {listed}") == [{"texts": texts}]


_SESSION = """
import csv, hashlib, json, locale, logging, os, signal, sys, warnings
import matplotlib, matplotlib.units, numpy, pandas, psycopg, pydantic

def session():
    loggers = [logging.getLogger(name) for name in (None, "matplotlib", "pandas", "asyncio", "toolkit")]
    return {
        "matplotlib": {name: repr(value) for name, value in matplotlib.rcParams.items()},
        "units": [repr(each) for each in matplotlib.units.registry.values() if "pandas" in type(each).__module__],
        "pandas": pandas.describe_option(_print_desc=False),
        "warnings": list(map(repr, warnings.filters)),
        "logging": [(each.name, each.level, each.disabled, list(map(repr, each.handlers))) for each in loggers],
        "signals": {each.name: repr(signal.getsignal(each)) for each in signal.Signals},
        "hooks": [repr(sys.excepthook), repr(sys.displayhook), repr(sys.unraisablehook)],
        "others": [csv.field_size_limit(), locale.setlocale(locale.LC_ALL), os.getcwd(), dict(os.environ), sys.path],
    }

before = session()
import toolkit, toolkit.agent_sync, toolkit.store, toolkit.sync
after_import = session()
found = toolkit.diagnose(supabase=sys.argv[1])
pictures = [found.round_trip(), found.timeline()]
found.findings
after = session()
print(json.dumps({
    "changed": [name for name in before if not before[name] == after_import[name] == after[name]],
    "plots": matplotlib.get_backend(),
    "pictures": [hashlib.sha256(each.png).hexdigest() for each in pictures],
}))
"""

_MATPLOTLIBRC = """
backend: svg
text.usetex: True
figure.facecolor: black
text.color: white
font.family: No Such Font
font.size: 40
savefig.bbox: tight
no.such.setting: 1
"""


def test_a_diagnosis_changes_nothing_of_the_session_nor_does_a_matplotlibrc_change_its_pictures(
    reference: Callable[[str], str], tmp_path: Path
) -> None:
    name = reference("broken")
    (tmp_path / "matplotlibrc").write_text(_MATPLOTLIBRC)
    environment = {**os.environ, "MATPLOTLIBRC": str(tmp_path / "matplotlibrc")}
    ran = subprocess.run(
        [sys.executable, "-c", _SESSION, name], capture_output=True, text=True, check=False, env=environment
    )
    assert ran.returncode == 0, ran.stderr
    found = calls.diagnose(supabase=name)
    ours = found.round_trip(), found.timeline()
    assert json.loads(ran.stdout) == {
        "changed": [],
        "plots": "svg",
        "pictures": [sha256(each.png).hexdigest() for each in ours if each],
    }
