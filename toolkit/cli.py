"""The command line, `assistant-toolkit`."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

import click
import psycopg

import toolkit.repair  # noqa: F401 - prepares sandbox:repaired
from toolkit import __version__, guard, sql
from toolkit.catalog import grants
from toolkit.database.addresses import Database, resolve
from toolkit.database.connection import (
    SUPABASE_URL,
    EndedByServerError,
    connect,
    connected,
    connections_to,
    server_message,
)
from toolkit.database.shapes import ShapeError, refuse_writes
from toolkit.database.transactions import Connection
from toolkit.errors import ParameterError, RefusedError
from toolkit.escaping import terminal
from toolkit.fleet.command import fleet
from toolkit.notebooks.commands import HELP, REPORT_DIR, chosen, notebook_command, reference
from toolkit.notebooks.group import STATUSES, Commands
from toolkit.sandbox import scenarios
from toolkit.settings import DiagnoseSettings, Settings

click.UsageError.exit_code = 3  # refused, nothing done: click's own 2 would mean that there are mismatches

_UNWRITABLE = ("25", "42", "53", "58")
"""Classes of SQLSTATE of a database that is read-only, full or damaged, or of a missing grant."""

_SUPABASE = reference(
    "--supabase", f"database with public.agents. Default: {SUPABASE_URL} where it is set, else sandbox:broken"
)
_LANGGRAPH = reference("--langgraph", "database with langgraph_server.assistants, if another")

_WOULD = {"created": "would create", "updated": "would update"}


class NotSyncedError(RefusedError):
    """A database or role that a sync cannot write with."""

    remedy = "let the database accept writes, or run what `assistant-toolkit grants syncer` prints, and sync again"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="assistant-toolkit")
def main() -> None:
    """Find, repair and prove the assistant ids between Supabase agents and a LangGraph-compatible server.

    A database is named by reference, never by its URL: env:NAME (an environment variable that holds the URL),
    service:NAME (pg_service.conf), or sandbox:broken to practise on. Begin with `diagnose`; it only reads.
    """


main.epilog = STATUSES
for each in HELP:
    main.add_command(notebook_command(each))


main.add_command(fleet)


@main.command("sync")
@_SUPABASE
@_LANGGRAPH
@click.option("--scope", default="all", show_default=True, help="all, or org:<uuid>[,org:<uuid>…]")
@click.option("--apply", is_flag=True, help="sync; without, show what the sync would do")
def sync(supabase: str | None, langgraph: str | None, scope: str, apply: bool) -> None:
    """Show what the server's sync would do; with --apply, do it. The server does the same when it starts."""
    from toolkit.sync import plan_sync, startup_agent_sync

    logging.getLogger(__package__).addHandler(logging.NullHandler())  # what it logs is printed below
    databases = chosen(supabase, langgraph, "sandbox:broken", writes=apply)
    settings = Settings.checked({**databases, "scope": scope})
    first, second = settings.databases()
    sides = (connections_to(first), None if first.conninfo == second.conninfo else connections_to(second))
    outlook = "--apply does it."
    with connected(first, second, to_sync=True) as pair:
        click.echo(terminal(" and ".join(dict.fromkeys((str(first), str(second))))))
        try:
            refuse_writes(pair.supabase, pair.langgraph, ("sync",))
        except ShapeError as error:
            if apply:
                raise
            outlook = f"--apply would be refused: {error}"
    if apply:
        try:
            summary = asyncio.run(startup_agent_sync(*sides, scope=settings.agents_in_scope))
        except psycopg.Error as error:
            raise (NotSyncedError if (error.sqlstate or "")[:2] in _UNWRITABLE else EndedByServerError)(
                server_message(error)
            ) from None
    else:
        plan = asyncio.run(plan_sync(*sides, scope=settings.agents_in_scope))
        summary = plan.summary
        for change in plan.changes:
            reason = f": {change.reason}" if change.reason else ""
            would = _WOULD.get(change.outcome, change.outcome)
            click.echo(terminal(f"  {would:<12}  {change.agent_id}  {change.name}{reason}"))
    counts = ", ".join(f"{name} {value}" for name, value in summary.items() if isinstance(value, int))
    click.echo(counts if apply else f"Would be: {counts}")
    for refusal in (*summary["conflicts"], *summary["failures"]):
        click.echo(terminal(f"  not synced: {refusal.agent_id} {refusal.name}: {refusal.reason}"))
    if not apply:
        click.echo(f"Nothing was changed; {outlook}")
    sys.exit(2 if summary["failed"] else 0)


@main.command("serve")
@reference("--langgraph", "database with both sides", "sandbox:repaired")
@click.option("--port", default=8123, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free")
def serve(langgraph: str, port: int) -> None:
    """Serve /assistants over the fixed store, until Ctrl-C.

    On this machine only, for practice and tests, so it takes no database from the environment. Tokens are checked
    against the secret in the environment variable SUPABASE_JWT_SECRET. PyJWT, which is installed, makes one:
    `jwt.encode({"sub": USER_ID, "aud": "authenticated", "exp": time.time() + 3600}, SECRET)`.
    """
    from toolkit.sandbox import http

    database = resolve(langgraph)
    with connect(database):  # a mistake is said here, and not in an answer to a client
        pass
    http.serve(database.conninfo.get_secret_value(), port)


@main.command("grants")
@click.argument("role", type=click.Choice(grants.ROLES))
@_SUPABASE
@_LANGGRAPH
def grants_command(role: grants.Role, supabase: str | None, langgraph: str | None) -> None:
    """Print the SQL that makes a role with the least a command needs. Runs nothing.

    reader: diagnose, verify, and the others without --apply. repairer: repair and undo. syncer: sync.
    """
    databases = chosen(supabase, langgraph, "sandbox:broken", quietly=True)
    click.echo(grants.script(role, *Settings.checked(databases).databases()))


@main.command("indexes")
def indexes() -> None:
    """Print the SQL of the indexes that the fixed store reads.

    The table exists already. Each statement runs by itself, outside a transaction, and blocks nobody. A build that was
    stopped leaves an invalid index of its name: drop it, and build again. Run ANALYZE last.
    """
    click.echo("-- In the database of langgraph_server.assistants, one by one, outside a transaction (psql does)")
    click.echo(sql.statement("index_assistants").replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY"))
    click.echo("ANALYZE langgraph_server.assistants;")


@main.group("guard", help=f"{guard.EFFECTS}\n{guard.NEEDS}")
def guard_group() -> None:
    pass


_GUARDED = reference("--langgraph", "database with langgraph_server.assistants. Default: as diagnose chooses it")


def _guarded(langgraph: str | None, *, writes: bool = False) -> Database:
    databases = chosen(langgraph, langgraph, "sandbox:broken", writes=writes, flags=("--langgraph",) * 2)
    return resolve(databases["langgraph"] or databases["supabase"])


def _guard_command(
    name: str, does: str, script: str, change: Callable[[Connection], bool], done: str, otherwise: str
) -> None:
    """Make the command that shows the SQL of a change, or runs it."""

    @guard_group.command(name, help=f"Show the SQL that {does}; with --apply, run it.")
    @_GUARDED
    @click.option("--apply", is_flag=True, help=f"{name}; without, show the SQL")
    def command(langgraph: str | None, apply: bool) -> None:
        database = _guarded(langgraph, writes=apply)
        result = "Nothing was changed; --apply runs this"
        if apply:
            with connect(database) as connection:
                result = done if change(connection) else f"nothing to do: {otherwise}"
        said = terminal(f"{database}: {result}")
        click.echo(f"{said}\n{script}" if apply else f"{script}\n{said}")


_guard_command(
    "install", "installs the guard", guard.install_sql(), guard.install, "installed", "it was installed already"
)
_guard_command("remove", "removes all of the guard", guard.remove_sql(), guard.remove, "removed", "there was none")


@guard_group.command("status")
@_GUARDED
def guard_status(langgraph: str | None) -> None:
    """Show whether the guard is installed and unchanged; exit status 2 if it is disabled or was changed."""
    with connect(_guarded(langgraph)) as connection:
        found = guard.status(connection)
    refusal = "" if found.can_change else f"; role {found.role!r} may not install or remove it"
    click.echo(f"guard: {found.state}{refusal}")
    sys.exit(2 if found.state in ("disabled", "changed") else 0)


@main.command("lab", context_settings={"ignore_unknown_options": True})
@reference(
    "--supabase", f"database for the notebooks. Default: {SUPABASE_URL} where it is set, else as they say, sandbox:…"
)
@reference("--langgraph", "its langgraph_server.assistants, if in another database")
@click.option("--scope", help="all, or org:<uuid>[,org:<uuid>…]")
@click.option("--report-dir", help="where the folder of the copies is made", **REPORT_DIR)
@click.argument("arguments", nargs=-1, metavar="[JUPYTER OPTIONS]")
def lab(arguments: tuple[str, ...], report_dir: Path, **named: str | None) -> None:
    """Open copies of the notebooks in JupyterLab.

    It listens on this machine only, and wants a token. JupyterLab's own options follow, such as --no-browser,
    --port 8889, or --allow-root, which root must give.
    """
    from toolkit.notebooks import lab

    if os.geteuid() == 0 and not any("allow-root" in each or "allow_root" in each for each in arguments):
        raise ParameterError("JupyterLab does not start as root: add --allow-root, or be another user")
    given = {name: value for name, value in named.items() if value is not None}
    databases = chosen(named["supabase"], named["langgraph"], practice := "sandbox:…")
    if databases["supabase"] != practice:
        given |= databases
    settings = DiagnoseSettings.checked(given)
    if settings.is_practice:
        click.echo("Starting the practice database …", err=True)
    settings.databases()
    folder = lab.copies(report_dir, given)
    click.echo(terminal(f"The notebooks are copies, in {folder}"), err=True)
    sys.exit(lab.serve(folder, arguments))


@main.command("demo")
@click.option("--report-dir", help="where reports are made", **REPORT_DIR)
def demo(report_dir: Path) -> None:
    """Break, find, repair and prove a practice database. It has its own, and takes half a minute."""
    from toolkit.demo import run

    run(report_dir)


@main.group("sandbox")
def sandbox_group() -> None:
    """Reset or stop the practice databases. A PostgreSQL of your own holds them, with a real server's damage."""


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
