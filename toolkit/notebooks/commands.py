"""The commands that run a notebook, with its parameters as options."""

import os
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any, Never, get_origin

import click

from toolkit import escaping
from toolkit.database.connection import LANGGRAPH_URL, SUPABASE_URL
from toolkit.errors import ParameterError
from toolkit.settings import REPORTS, DiagnoseSettings, RepairSettings, Settings, UndoSettings, VerifySettings

HELP: dict[type[Settings], str] = {
    DiagnoseSettings: "Show which assistants do not match their agents. Reads only.",
    RepairSettings: "Write and show the plan of a repair; with --apply, repair. Without --apply it changes nothing.",
    VerifySettings: "Prove that a repair holds. It looks at tables and the next sync, and asks over HTTP. Reads only.",
    UndoSettings: "Show what an undo would restore; with --apply, restore it.",
}

REPORT_DIR: dict[str, Any] = {"type": click.Path(path_type=Path), "default": Path(REPORTS), "show_default": True}

_METAVARS = {
    **dict.fromkeys(("supabase", "langgraph"), "REF"),
    **dict.fromkeys(("resume", "run", "forget"), "RUN"),
    **dict.fromkeys(("fail_on", "allow"), "A,B,…"),
    **{"only": "AGENT|KIND…", "plan": "FILE", "digest": "HEX", "api_url": "URL", "api_token": "env:NAME"},
}
"""What the help shows for a parameter's value."""


def reference(flag: str, text: str, default: str | None = None) -> Callable[[Any], Any]:
    """Return an option that names a database."""
    return click.option(flag, default=default, show_default=default is not None, help=text, metavar="REF")


def chosen(
    supabase: str | None,
    langgraph: str | None,
    practice: str,
    *,
    writes: bool = False,
    quietly: bool = False,
    flags: tuple[str, str] = ("--supabase", "--langgraph"),
) -> dict[str, str]:
    """Return the databases to use: those named, else the environment's, else `practice`; print which, if none is named.

    Raises:
        ParameterError: if only the LangGraph side is named, or a command that `writes` would use the environment's.
    """
    if supabase or langgraph:
        if not supabase:
            raise ParameterError("--langgraph names one side: name the other, too, with --supabase")
        return {"supabase": supabase, "langgraph": langgraph or ""}
    found = [f"env:{name}" if os.environ.get(name, "").strip() else "" for name in (SUPABASE_URL, LANGGRAPH_URL)]
    named = " and ".join(filter(None, found))
    if not named:
        found = [practice, ""]
        said = f"Practice database {practice}, not yours: neither --supabase nor {SUPABASE_URL} names one."
    elif not found[0]:
        unset = f"{LANGGRAPH_URL} is set, {SUPABASE_URL} is not, and no database is named"
        raise ParameterError(f"{unset}: set or name both")
    elif writes:
        options = dict(zip(flags, filter(None, found), strict=False))  # one side alone has one flag twice
        whole = " ".join(f"{flag} {name}" for flag, name in options.items())
        told = f"name the database, {whole}"
        raise ParameterError(f"this writes, and {SUPABASE_URL} is set: {told}")
    else:
        said = f"Databases, from the environment: {named}."
    click.echo(said, err=quietly)
    return dict(zip(("supabase", "langgraph"), found, strict=True))


def conclude(text: str, verdict: str, exit_status: int) -> Never:
    """Print a run's result, and exit with its status, also where standard output takes nothing."""
    try:
        click.echo(text, color=False if os.environ.get("NO_COLOR") else None)  # https://no-color.org
        sys.stdout.flush()
    except OSError as error:  # a full disk, or a pipe that is closed
        sys.stdout = StringIO()  # it is flushed at the end, too
        click.echo(f"Warning: standard output took no verdict ({error.strerror}): {verdict}", err=True)
    sys.exit(exit_status)


def _split(_: click.Context, __: click.Parameter, value: str | None) -> list[str] | None:
    return None if value is None else [entry.strip() for entry in value.split(",") if entry.strip()]


def notebook_command(settings: type[Settings]) -> click.Command:
    """Return a command whose options are the notebook's parameters."""

    def invoke(
        report_dir: Path, cell_timeout: int, json: bool, quick: bool = False, since: Path | None = None, **values: Any
    ) -> None:
        from toolkit.notebooks import runner, terminal  # with the pages, too long for --help
        from toolkit.pages.since import Earlier

        writes = settings is UndoSettings and bool(values["apply"] or values["forget"])
        named = (values["supabase"], values["langgraph"], settings.model_fields["supabase"].default)
        try:
            values |= chosen(*named, writes=writes, quietly=json)
            checked = settings.checked({name: value for name, value in values.items() if value is not None})
            earlier = Earlier(since, checked) if since else None
        except ParameterError as error:
            report, folder = runner.refuse(settings.command, error, report_dir)
        else:
            report, folder = runner.run(checked, report_dir, cell_timeout, sys.stderr.isatty(), quick)
            if earlier:
                with runner.kept(folder / "report.json", unwritten := list[str]()):
                    report = earlier.compared(folder, report)
                runner.warn(unwritten)
        not_run = quick or report.verdict in ("refused", "broken")
        no_page = "the notebook did not run" if not_run else "it could not be written"
        whole = escaping.json_line(report.model_dump_json(by_alias=True)) if json else ""
        conclude(whole or terminal.shown(report, folder, since, no_page), report.word, report.exit_status)

    options: list[click.Parameter] = []
    for name, field in settings.model_fields.items():
        if name != "report_dir":
            more: dict[str, Any] = {"default": None, "help": field.description, "metavar": _METAVARS.get(name)}
            if name == "apply":
                more |= {"is_flag": True, "help": "write to the databases; without it, only show what would be written"}
            if get_origin(field.annotation) is list:
                more["callback"] = _split
            if name == "supabase":
                more["help"] = f"{field.description}. Default: {SUPABASE_URL} where it is set, else {field.default}"
            options.append(click.Option([f"--{name.replace('_', '-')}", name], **more))
    seconds: dict[str, Any] = {"type": click.IntRange(1), "default": 3600, "show_default": True, "metavar": "SECONDS"}
    options += [
        click.Option(["--report-dir"], help="where the run's folder is made", **REPORT_DIR),
        click.Option(["--cell-timeout"], help="give up a cell after this time", **seconds),
        click.Option(["--json"], is_flag=True, help="print report.json in one line, and nothing else"),
    ]
    if settings is DiagnoseSettings:
        report: dict[str, Any] = {"type": click.Path(path_type=Path), "metavar": "REPORT.json"}
        options += [
            click.Option(["--quick"], is_flag=True, help="no notebook and no page: the verdict in a second or two"),
            click.Option(["--since"], help="count what is fixed, still there and new since this report", **report),
        ]
    return click.Command(settings.command, callback=invoke, params=options, help=HELP[settings])
