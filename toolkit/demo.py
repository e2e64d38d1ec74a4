"""The demonstration: a broken platform of its own, taken from the first alert to the proof, and back once."""

import asyncio
import os
import secrets
import shlex
import sys
import time
from pathlib import Path

import click
import jwt

from toolkit.database.addresses import resolve
from toolkit.database.connection import connected, connections_to
from toolkit.diagnosis.verification import over_http
from toolkit.escaping import terminal
from toolkit.notebooks import runner
from toolkit.pages.report import Report
from toolkit.sandbox import http, scenarios
from toolkit.settings import DiagnoseSettings, RepairSettings, Settings, UndoSettings, VerifySettings
from toolkit.sync import startup_agent_sync

_SANDBOX = "broken@demo"
_REFERENCE = f"sandbox:{_SANDBOX}"

_USERS = {
    "TOOLKIT_DEMO_TOKEN": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    "TOOLKIT_DEMO_TOKEN_2": "c1b2c3d4-e5f6-7890-abcd-ef1234567890",
}
"""One ordinary member of each organization in the dump, by the environment variable of the token."""


def run(report_dir: Path) -> None:
    """Diagnose, deploy, plan, repair, ask as users, undo and repair again, in a sandbox of its own.

    Raises:
        SystemExit: with status 1 if a step ends with another exit status than expected.
    """
    click.echo("A practice PostgreSQL, as a broken server left it after three restarts.\n")
    scenarios.reset(_SANDBOX)
    secret = secrets.token_urlsafe(32)
    for variable, user in _USERS.items():
        claims = {"sub": user, "aud": "authenticated", "exp": int(time.time()) + 3600}
        os.environ[variable] = jwt.encode(claims, secret, algorithm="HS256")
    first, page = _step(1, DiagnoseSettings(supabase=_REFERENCE), report_dir, 2)
    _say(", ".join(f"{kind} {count}" for kind, count in first.findings.items() if count))
    with http.running(http.create_app(scenarios.resolve(_SANDBOX), secret)) as api_url:
        asking = [
            VerifySettings(supabase=_REFERENCE, api_url=api_url, api_token=f"env:{variable}") for variable in _USERS
        ]
        _ask(asking)
        done = asyncio.run(startup_agent_sync(connections_to(resolve(_REFERENCE)), scope="all"))
        click.echo(f"2 deploy    the fixed server starts, and its sync makes {done['created']} assistants")
        _ask(asking)
        _repair(3, report_dir)
        _step(4, asking[0], report_dir, 0)
        _ask(asking)
        _step(5, UndoSettings(supabase=_REFERENCE, run="run-1", apply=True), report_dir, 0)
        _say("every row is as it was before the repair")
        repaired, last = _repair(6, report_dir)
        _say(f"open: {repaired.open}")
    click.echo(f"\nThe first page  {_page(page)}\nThe last page   {_page(last)}")
    click.echo("\nYour own: export SUPABASE_DB_URL='postgresql://…' && assistant-toolkit diagnose")


def _repair(number: int, report_dir: Path) -> tuple[Report, Path]:
    planned, folder = _step(number, RepairSettings(supabase=_REFERENCE), report_dir, 2)
    assert planned.plan  # noqa: S101 - `repair` without --apply makes one
    _say(f"you read its page, and approve the digest {planned.plan.mark}")
    plan, digest = str(folder / "plan.json"), planned.plan.mark
    return _step(number, RepairSettings(supabase=_REFERENCE, apply=True, plan=plan, digest=digest), report_dir, 0)


def _say(line: str) -> None:
    click.echo(f"{'':<12}{line}")


def _page(folder: Path) -> str:
    page = next(folder.glob("*.html"))
    return terminal(shlex.quote(str(page.relative_to(Path.cwd()) if page.is_relative_to(Path.cwd()) else page)))


def _ask(asking: list[VerifySettings]) -> None:
    """Ask the server for each agent, as a user of each organization, and say `✓ 3 of 3, ✓ 2 of 2`."""
    with connected(*asking[0].databases()) as pair:
        checks = [over_http(pair, settings)[0] for settings in asking]
    answers = ", ".join(f"{'✓' if check.passed else '✗'} {check.detail.split(' answer')[0]}" for check in checks)
    _say(f"one user of each organization gets: {answers}")


def _step(number: int, settings: Settings, report_dir: Path, expected: int) -> tuple[Report, Path]:
    click.echo(f"{number} {settings.command:<10}", nl=False)
    report, folder = runner.run(settings, report_dir, cell_timeout=300, progress_bar=False)
    click.echo(report.word.upper())
    if report.exit_status != expected:
        sys.exit(
            f"{report}\nexpected exit status {expected}, got {report.exit_status}: this is a bug, please report it"
        )
    return report, folder
