"""The command `fleet`, and its options."""

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from toolkit.escaping import terminal
from toolkit.fleet.targets import TargetsError
from toolkit.notebooks.commands import REPORT_DIR, conclude

_FILE: dict[str, Any] = {"type": click.Path(path_type=Path)}
_PAGES: dict[str, Any] = {"type": click.Choice(["red", "all", "none"]), "default": "red", "show_default": True}
_NUMBER: dict[str, Any] = {"type": click.IntRange(1), "show_default": True, "metavar": "N"}


@click.group("fleet")
def fleet() -> None:
    """Diagnose many projects at once. It only reads; a repair is of one project, by a person."""


@fleet.command("diagnose")
@click.argument("targets", metavar="TARGETS.toml", **_FILE)
@click.option("--report-dir", help="where the run's folder is made", **REPORT_DIR)
@click.option("--pages", help="for which targets a page is made", **_PAGES)
@click.option("--time-limit", "limit", help="end a look, or a page, after these seconds", default=300, **_NUMBER)
@click.option("--connections-per-host", "most", help="at the same time; a pooler has 15", default=10, **_NUMBER)
@click.option("--scheduler", help="of a Dask cluster; without, processes of this machine", metavar="tcp://HOST:PORT")
@click.option("--since", help="name the damaged targets that are new, still and gone", metavar="FLEET.json", **_FILE)
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
    page = folder / "fleet.html"
    place = shlex.quote(str(page if page.exists() else folder))
    lines = [*map(terminal, (*result.lines(), f"Result: {place}"))]
    conclude("\n".join(lines), lines[0], result.exit_status)
