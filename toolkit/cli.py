"""The command line: `python -m toolkit`, or `assistant-toolkit` once installed."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, get_origin

import click

import toolkit.repair  # noqa: F401 - prepares sandbox:repaired
from toolkit import __version__, guard
from toolkit.database.addresses import resolve
from toolkit.database.connection import Connection, connect, connections_to
from toolkit.errors import ParameterError, ToolkitError
from toolkit.sandbox import scenarios
from toolkit.settings import DiagnoseSettings, RepairSettings, Settings, UndoSettings, VerifySettings

_HELP: dict[type[Settings], str] = {
    DiagnoseSettings: "Show which assistants do not match their agents. Reads only.",
    RepairSettings: "Write and show the plan of a repair; with --apply, repair. Without --apply it changes nothing.",
    VerifySettings: "Prove that a repair holds: in the tables, in the next sync, over HTTP. Reads only.",
    UndoSettings: "Show what undoing a repair would restore; with --apply, restore it.",
}

click.UsageError.exit_code = 3  # refused, nothing done: click's own 2 would mean that there are mismatches

_REPORT_DIR: dict[str, Any] = {"type": click.Path(path_type=Path), "default": Path("reports"), "show_default": True}


def _complete_reference(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    practice = [f"sandbox:{name}" for name in scenarios.SCENARIOS]
    variables = [f"env:{name}" for name in sorted(os.environ) if "URL" in name]
    return [name for name in practice + variables if name.startswith(incomplete)]


_REFERENCE: dict[str, Any] = {"metavar": "REF", "shell_complete": _complete_reference}
_OPTIONS: dict[str, dict[str, Any]] = {
    "supabase": _REFERENCE,
    "langgraph": _REFERENCE,
    "resume": {"metavar": "RUN"},
    "run": {"metavar": "RUN"},
    "forget": {"metavar": "RUN"},
    "fail_on": {"metavar": "A,B,…"},
    "allow": {"metavar": "A,B,…"},
    "only": {"metavar": "AGENT|KIND…"},
    "plan": {"metavar": "FILE"},
    "digest": {"metavar": "HEX"},
    "api_url": {"metavar": "URL"},
    "api_token": {"metavar": "env:NAME"},
    "apply": {"is_flag": True},
}
"""What click shows and does for a parameter beside its description."""


def _reference(flag: str, default: str, text: str) -> Callable[[Any], Any]:
    """Return an option that names a database."""
    return click.option(flag, default=default, show_default=True, help=text, **_REFERENCE)


def _split(_: click.Context, __: click.Parameter, value: str | None) -> list[str] | None:
    return None if value is None else [entry.strip() for entry in value.split(",") if entry.strip()]


class _Commands(click.Group):
    """A group of commands that shows a toolkit error in one line, and exits with the error's status."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse an empty value, as `--plan "$PLAN"` has where the variable is unset: it would mean a default."""
        ours = [] if args[:1] == ["lab"] else args  # Jupyter's options may be empty
        for before, value in pairwise(["", *ours]):
            if not value or (value.startswith("--") and value.endswith("=")):
                option = value.rstrip("=") or before or "an argument"
                raise click.UsageError(
                    f"{option} has an empty value: is a variable unset? Leave it out, or name one.", ctx
                )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ToolkitError as error:
            click.echo(f"{type(error).__name__}: {error}", err=True)
            sys.exit(error.exit_status)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="assistant-toolkit")
def main() -> None:
    """Find, repair and prove the assistant ids between Supabase agents and a LangGraph-compatible server.

    A database is named by reference, never by its URL: env:NAME (an environment variable that holds the URL),
    service:NAME (pg_service.conf), or sandbox:broken to practise on. Begin with `diagnose`; it only reads.

    Exit status: 0 clean, repaired or undone; 2 mismatches found or left; 3 refused, nothing done; 1 broken.
    """


def _notebook_command(settings: type[Settings]) -> click.Command:
    """Return a command whose options are the notebook's parameters."""

    def invoke(report_dir: Path, cell_timeout: int, **values: Any) -> None:
        from toolkit.notebooks import runner  # too long for --help

        try:
            checked = settings.checked({name: value for name, value in values.items() if value is not None})
        except ParameterError as error:
            report, folder = runner.refuse(settings.command, error, report_dir)
        else:
            report, folder = runner.run(checked, report_dir, cell_timeout, progress_bar=sys.stderr.isatty())
        click.echo(report)
        for kind, count in report.findings.items():
            if count:
                click.echo(f"  {kind:<20}{count:>8}")
        if report.plan:
            click.echo(f"Plan:   {report.plan.mark}… (the beginning of its digest)")
        page = folder / f"{settings.command}.html"
        click.echo(f"Report: {page if page.exists() else f'{folder} (no page: the notebook did not run)'}")
        sys.exit(report.exit_status)

    options: list[click.Parameter] = []
    for name, field in settings.model_fields.items():
        if name != "report_dir":
            more = {"default": None, "help": field.description, **_OPTIONS.get(name, {})}
            if get_origin(field.annotation) is list:
                more["callback"] = _split
            if name == "supabase":
                more["help"] = f"{field.description}. Default: {field.default}"
            options.append(click.Option([f"--{name.replace('_', '-')}", name], **more))
    seconds: dict[str, Any] = {"type": click.IntRange(1), "default": 3600, "show_default": True, "metavar": "SECONDS"}
    options += [
        click.Option(["--report-dir"], help="where the run's folder is made", **_REPORT_DIR),
        click.Option(["--cell-timeout"], help="give up a cell after this time", **seconds),
    ]
    return click.Command(settings.command, callback=invoke, params=options, help=_HELP[settings])


for each in _HELP:
    main.add_command(_notebook_command(each))


@main.command("sync")
@_reference("--supabase", "sandbox:broken", "database with public.agents")
@_reference("--langgraph", "", "database with langgraph_server.assistants, if another")
@click.option("--scope", default="all", show_default=True, help="all, or org:<uuid>[,org:<uuid>…]")
@click.option("--apply", is_flag=True, help="sync; without, show what the sync would do")
def sync(supabase: str, langgraph: str, scope: str, apply: bool) -> None:
    """Show what the sync would do, as the server does it when it starts; with --apply, do it."""
    from toolkit.sync import plan_sync, startup_agent_sync

    logging.getLogger(__package__).addHandler(logging.NullHandler())  # what it logs is printed below
    settings = Settings.checked({"supabase": supabase, "langgraph": langgraph, "scope": scope})
    first, second = settings.databases()
    sides = (connections_to(first), None if first == second else connections_to(second))
    if apply:
        summary = asyncio.run(startup_agent_sync(*sides, scope=settings.agents_in_scope))
    else:
        plan = asyncio.run(plan_sync(*sides, scope=settings.agents_in_scope))
        summary = plan.summary
        for change in plan.changes:
            reason = f": {change.reason}" if change.reason else ""
            click.echo(f"  {change.outcome:<9} {change.agent_id}  {change.name}{reason}")
    click.echo(", ".join(f"{name} {value}" for name, value in summary.items() if isinstance(value, int)))
    for refusal in (*summary["conflicts"], *summary["failures"]):
        click.echo(f"  not synced: {refusal.agent_id} {refusal.name}: {refusal.reason}")
    if not apply:
        click.echo("Nothing was changed; --apply does it.")
    sys.exit(2 if summary["failed"] else 0)


@main.command("serve")
@_reference("--langgraph", "sandbox:repaired", "database with both sides")
@click.option("--port", default=8123, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free")
def serve(langgraph: str, port: int) -> None:
    """Serve /assistants over the fixed store, on this machine only, until Ctrl-C.

    For practice and tests. Tokens are checked against the secret in the environment variable SUPABASE_JWT_SECRET.
    """
    from toolkit.sandbox import http

    database = resolve(langgraph)
    with connect(database):  # a pool says of a rejected password only that it timed out
        pass
    http.serve(database.conninfo.get_secret_value(), port)


@main.group("guard", help=guard.EFFECTS)
def guard_group() -> None:
    pass


@guard_group.command("install")
@_reference("--langgraph", "sandbox:broken", "database with langgraph_server.assistants")
@click.option("--apply", is_flag=True, help="install; without, show the SQL")
def guard_install(langgraph: str, apply: bool) -> None:
    """Show the SQL that installs the guard; with --apply, run it."""
    _change_guard(langgraph, apply, guard.install_sql(), guard.install, "installed", "it was installed already")


@guard_group.command("remove")
@_reference("--langgraph", "sandbox:broken", "database with langgraph_server.assistants")
@click.option("--apply", is_flag=True, help="remove; without, show the SQL")
def guard_remove(langgraph: str, apply: bool) -> None:
    """Show the SQL that takes the guard away; with --apply, run it. Nothing of it stays."""
    _change_guard(langgraph, apply, guard.remove_sql(), guard.remove, "removed", "there was none")


@guard_group.command("status")
@_reference("--langgraph", "sandbox:broken", "database with langgraph_server.assistants")
def guard_status(langgraph: str) -> None:
    """Show whether the guard is installed and unchanged; exit status 2 if it is disabled or was changed."""
    with connect(resolve(langgraph)) as connection:
        found = guard.status(connection)
    refusal = "" if found.can_change else f"; role {found.role!r} may not install or remove it"
    click.echo(f"guard: {found.state}{refusal}")
    sys.exit(2 if found.state in ("disabled", "changed") else 0)


def _change_guard(
    langgraph: str, apply: bool, script: str, change: Callable[[Connection], bool], done: str, otherwise: str
) -> None:
    database = resolve(langgraph)
    click.echo(script)
    if not apply:
        click.echo("Nothing was changed; --apply runs this.")
        return
    with connect(database) as connection:
        result = done if change(connection) else f"nothing to do: {otherwise}"
    click.echo(f"{database.reference} ({database.place}): {result}")


@main.command("lab", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, metavar="[JUPYTER OPTIONS]")
def lab(arguments: tuple[str, ...]) -> None:
    """Open the notebooks in JupyterLab: on this machine only, with a token, the practice database running."""
    from toolkit.notebooks.runner import notebook_file

    click.echo("Starting the practice database …", err=True)
    scenarios.resolve("broken")
    start = notebook_file("00-start-here")
    command = [sys.executable, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={start.parent}"]
    # Without these, JupyterLab asks other hosts for news and updates.
    quiet = ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with subprocess.Popen(  # noqa: S603 - this Python, with what its user typed
        [*command, f"--LabApp.default_url=/lab/tree/{start.name}", *quiet, *arguments]
    ) as server:
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())  # it would outlive this process
        try:
            sys.exit(server.wait())
        except KeyboardInterrupt:
            server.terminate()


@main.command("demo")
@click.option("--report-dir", help="where reports are made", **_REPORT_DIR)
def demo(report_dir: Path) -> None:
    """Break, find, repair and prove a sandbox of its own, in half a minute."""
    from toolkit.demo import run

    run(report_dir)


@main.group("sandbox")
def sandbox_group() -> None:
    """The practice databases: a PostgreSQL of your own with the damage of a real broken server."""


@sandbox_group.command("reset")
@click.argument("name", default="broken", type=click.Choice(sorted(scenarios.SCENARIOS)))
def sandbox_reset(name: str) -> None:
    """Make a scenario anew."""
    scenarios.reset(name)
    click.echo(f"sandbox:{name} is as it was on the first day")


@sandbox_group.command("stop")
def sandbox_stop() -> None:
    """End the sandbox's server; the databases keep their state."""
    click.echo("stopped" if scenarios.stop() else "no sandbox was running")
