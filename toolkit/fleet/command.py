"""The command `fleet`, and its options."""

import sys
from pathlib import Path
from typing import Any

import click

from toolkit.escaping import terminal
from toolkit.fleet.targets import TargetsError
from toolkit.notebooks.commands import REPORT_DIR


@click.group("fleet")
def fleet() -> None:
    """Many projects at once. It only reads; a repair is of one project, by a person."""


@fleet.command("diagnose")
@click.argument("targets", type=click.Path(path_type=Path), metavar="TARGETS.toml")
@click.option("--report-dir", help="where the run's folder is made", **REPORT_DIR)
@click.option(
    "--pages",
    type=click.Choice(["red", "all", "none"]),
    default="red",
    show_default=True,
    help="for which targets a notebook runs and a page is made",
)
@click.option(
    "--time-limit",
    type=click.IntRange(1),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="end a target's look, or its page, after this time",
)
@click.option(
    "--connections-per-host",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="at the same time, so that a pooler has some left for its users",
)
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="of a Dask cluster; without, processes of this machine")
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="FLEET.json",
    help="name the damaged targets that are new, still there and gone since this result",
)
def diagnose(targets: Path, report_dir: Path, **options: Any) -> None:
    """Look at every target of a file, and make pages for the damaged ones. Reads only.

    Exit status: 1 if a target broke or timed out, else 3 if one is refused, else 2 if one is mismatched, else 0.
    """
    from toolkit.fleet import run

    try:
        result, folder = run.diagnose(targets, report_dir, **options)
    except TargetsError as error:
        click.echo("\n".join(map(terminal, (*error.problems, error.remedy))), err=True)
        sys.exit(error.exit_status)
    click.echo("\n".join((*result.lines(), f"Result: {folder / 'fleet.html'}")))
    sys.exit(result.exit_status)
