"""The demonstration: a sandbox of its own, diagnosed, repaired and verified by the users' commands."""

import os
import secrets
import sys
import time
from pathlib import Path

import click
import jwt

from toolkit.database.connection import connected
from toolkit.diagnosis.verification import over_http
from toolkit.notebooks import runner
from toolkit.pages.report import Report
from toolkit.sandbox import http, scenarios
from toolkit.settings import DiagnoseSettings, RepairSettings, Settings, UndoSettings, VerifySettings

_SANDBOX = "broken@demo"

_USERS = {
    "TOOLKIT_DEMO_TOKEN": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    "TOOLKIT_DEMO_TOKEN_2": "c1b2c3d4-e5f6-7890-abcd-ef1234567890",
}
"""One ordinary member of each organization in the dump, by the environment variable of the token."""


def run(report_dir: Path) -> None:
    """Reset a sandbox of its own, then diagnose, plan, repair and verify it with the users' commands.

    Raises:
        SystemExit: with status 1 if a step ends with another exit status than expected.
    """
    click.echo("Starting a PostgreSQL with what a broken server left after three restarts …")
    scenarios.reset(_SANDBOX)
    reference = f"sandbox:{_SANDBOX}"
    secret = secrets.token_urlsafe(32)
    for variable, user in _USERS.items():
        claims = {"sub": user, "aud": "authenticated", "exp": int(time.time()) + 3600}
        os.environ[variable] = jwt.encode(claims, secret, algorithm="HS256")
    with http.running(http.create_app(scenarios.resolve(_SANDBOX), secret)) as api_url:
        before = _round_trip(reference, api_url)
        diagnosed = _step("diagnose", DiagnoseSettings(supabase=reference), report_dir, expected=2)
        planned = _step("plan", RepairSettings(supabase=reference), report_dir, expected=2)
        note = "here the plan holds: this server is the fixed one already, and synced nothing at its start"
        click.echo(f"          ({note})")
        plan = str(planned[1] / "plan.json")
        repaired = _step("repair", RepairSettings(supabase=reference, apply=True, plan=plan), report_dir, expected=0)
        verify = VerifySettings(supabase=reference, api_url=api_url, api_token=f"env:{next(iter(_USERS))}")
        verified = _step("verify", verify, report_dir, expected=0)
        after = _round_trip(reference, api_url)
    click.echo("\nThe round trip, GET /assistants/{agent id} as an ordinary user of each organization:")
    click.echo(f"  before  {before}\n  after   {after}\n\nFindings         before   after")
    for kind, count in diagnosed[0].findings.items():
        if count or verified[0].findings[kind]:
            click.echo(f"  {kind:<15}{count:>6}{verified[0].findings[kind]:>8}")
    click.echo("  (drift: names that the old server never stored; the next sync writes them)")
    click.echo("\nReports, to open in a browser:")
    for _, folder in (diagnosed, planned, repaired, verified):
        click.echo(f"  {next(folder.glob('*.html'))}")
    undo = UndoSettings(supabase=reference, report_dir=str(repaired[1])).command_line("undo")
    click.echo(f"\nTo take the repair back: {undo} --run {repaired[0].run_id} --apply")


def _round_trip(reference: str, api_url: str) -> str:
    asked = [VerifySettings(supabase=reference, api_url=api_url, api_token=f"env:{variable}") for variable in _USERS]
    with connected(*asked[0].databases()) as pair:
        checks = [over_http(pair, settings)[0] for settings in asked]
    return "   ".join(f"{'✓' if check.passed else '✗'} {check.detail.split(';')[0]}" for check in checks)


def _step(name: str, settings: Settings, report_dir: Path, expected: int) -> tuple[Report, Path]:
    click.echo(f"{name:<9}", nl=False)
    report, folder = runner.run(settings, report_dir, cell_timeout=300, progress_bar=False)
    click.echo(f" {report}")
    if report.exit_status != expected:
        sys.exit(f"expected exit status {expected}, got {report.exit_status}: this is a bug, please report it")
    return report, folder
