"""Which command was meant?"""

import os
import sys
from pathlib import Path
from typing import Any, get_origin

import click

from toolkit import __version__, sandbox
from toolkit.errors import ToolkitError
from toolkit.settings import DiagnoseSettings, RepairSettings, Settings, UndoSettings, VerifySettings

_ABOUT: dict[type[Settings], str] = {
    DiagnoseSettings: "Show which assistants do not match their agents. Reads only.",
    RepairSettings: "Write and show the plan of a repair; with --apply, repair. Without --apply it changes nothing.",
    VerifySettings: "Prove that a repair holds: in the tables, in the next sync, over HTTP. Reads only.",
    UndoSettings: "Show what undoing a repair would restore; with --apply, restore it.",
}
_METAVARS = {"supabase": "REF", "langgraph": "REF", "only": "AGENT|KIND…", "plan": "FILE", "api_url": "URL", "api_token": "env:NAME"}


class _List(click.ParamType):
    name = "a,b,…"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        return value if isinstance(value, list) else [entry.strip() for entry in value.split(",") if entry.strip()]


def _complete_reference(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    known = [f"sandbox:{name}" for name in sandbox.SCENARIOS] + [f"env:{name}" for name in sorted(os.environ) if "URL" in name]
    return [name for name in known if name.startswith(incomplete)]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="assistant-toolkit")
def main() -> None:
    """Find, repair and prove the assistant ids between Supabase agents and a LangGraph-compatible server.

    A database is named by reference, never by its URL: env:NAME (an environment variable that holds the URL),
    service:NAME (pg_service.conf), or sandbox:broken to practise on. Begin with `diagnose`; it only reads.

    Exit status: 0 clean, repaired or undone; 2 mismatches found or left; 3 refused, nothing done; 1 broken.
    """


def _notebook_command(settings: type[Settings]) -> click.Command:
    """Make a command whose options are the notebook's parameters."""

    def invoke(report_dir: Path, cell_timeout: int, **values: Any) -> None:
        from toolkit import execution  # Jupyter takes a second to import: --help does not wait for it

        checked = settings.checked({name: value for name, value in values.items() if value is not None})
        report, folder = execution.run(checked, report_dir, cell_timeout, progress_bar=sys.stderr.isatty())
        click.echo(report)
        for kind, count in report.findings.items():
            if count:
                click.echo(f"  {kind:<20}{count:>8}")
        click.echo(f"Report: {folder / (settings.command + '.html')}")
        sys.exit(report.exit_status)

    options: list[click.Parameter] = []
    for name, field in settings.model_fields.items():
        if name == "report_dir":
            continue
        flag = f"--{name.replace('_', '-')}"
        more: dict[str, Any] = {"default": None, "help": field.description, "metavar": _METAVARS.get(name)}
        if field.annotation is bool:
            more = {"is_flag": True, "default": None, "help": field.description}
        elif get_origin(field.annotation) is list:
            more["type"] = _List()
        elif name in ("supabase", "langgraph"):
            more["shell_complete"] = _complete_reference
            if name == "supabase":
                more["help"] = f"{field.description}. Default: {field.default}"
        options.append(click.Option([flag, name], **more))
    options.append(click.Option(["--report-dir"], type=click.Path(path_type=Path), default=Path("reports"), show_default=True, help="where the run's folder is made"))
    options.append(click.Option(["--cell-timeout"], type=click.IntRange(1), default=3600, show_default=True, metavar="SECONDS", help="give up a cell after this time"))
    return click.Command(settings.command, callback=_refusing(invoke), params=options, help=_ABOUT[settings])


def _refusing(callback: Any) -> Any:
    """Say an error of ours in one line, and leave with its status."""

    def called(**values: Any) -> None:
        try:
            callback(**values)
        except ToolkitError as error:
            click.echo(f"{type(error).__name__}: {error}", err=True)
            sys.exit(error.exit_status)

    return called


for each in _ABOUT:
    main.add_command(_notebook_command(each))


@main.command("demo")
@click.option("--report-dir", type=click.Path(path_type=Path), default=Path("reports"), show_default=True, help="where reports are made")
def demo(report_dir: Path) -> None:
    """Break, find, repair and prove a sandbox of its own, in half a minute."""
    from toolkit import demonstration

    _refusing(demonstration.run)(report_dir=report_dir)


@main.group("sandbox")
def sandbox_group() -> None:
    """The practice databases: a PostgreSQL of your own with the damage of a real broken server."""


@sandbox_group.command("reset")
@click.argument("name", default="broken", type=click.Choice(sorted(sandbox.SCENARIOS)))
def sandbox_reset(name: str) -> None:
    """Make a scenario anew."""
    _refusing(lambda: sandbox.reset(name))()
    click.echo(f"sandbox:{name} is as it was on the first day")


@sandbox_group.command("stop")
def sandbox_stop() -> None:
    """End the sandbox's server; the databases keep their state."""
    click.echo("stopped" if sandbox.stop() else "no sandbox was running")


if __name__ == "__main__":
    main(prog_name="python -m toolkit")
