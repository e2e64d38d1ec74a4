"""The work of a fleet's worker. It gets names, and resolves them in its own environment."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from toolkit.database.addresses import is_practice, resolve
from toolkit.database.connection import EndedByServerError
from toolkit.errors import RefusedError, ToolkitError
from toolkit.escaping import masked, spellings
from toolkit.fleet.result import Row, Verdict
from toolkit.notebooks import calls, runner
from toolkit.pages.report import Report
from toolkit.settings import DiagnoseSettings


def prepare() -> None:
    """Keep a local worker from writing beside the fleet's own progress and summary."""
    os.environ["TQDM_DISABLE"] = "1"
    os.environ.pop("GITHUB_STEP_SUMMARY", None)


def hosts(targets: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return, for each target, the host and port of each connection; the reference where it leads nowhere."""
    return [[_host(target[side]) for side in ("supabase", "langgraph") if side in target] for target in targets]


def _host(reference: str) -> str:
    if is_practice(reference):  # resolving would make it
        return "sandbox"
    try:
        return resolve(reference).place.rpartition("/")[0] or reference
    except ToolkitError:
        return reference


def look(name: str, parameters: Mapping[str, Any]) -> Row:
    """Diagnose a target without a notebook; whatever goes wrong is its row. A lost connection is tried again once."""
    secrets: tuple[str, ...] = ()
    began = time.monotonic()
    try:
        settings = DiagnoseSettings.checked(parameters)
        secrets = spellings(settings.secrets())
        try:
            return Row.of(name, calls.diagnosed(settings).report)
        except EndedByServerError:
            return Row.of(name, calls.diagnosed(settings).report)
    except ToolkitError as error:
        verdict: Verdict = "refused" if isinstance(error, RefusedError) else "broken"
        message = str(error)
    except Exception as error:
        verdict, message = "broken", f"{type(error).__name__}: {error}"
    seconds = round(time.monotonic() - began, 1)
    return Row(name=name, verdict=verdict, message=masked(message, secrets), seconds=seconds)


def page(parameters: Mapping[str, Any], seconds: int) -> tuple[Report, dict[str, bytes]]:
    """Run a target's notebook; return its report, and its files by name."""
    with TemporaryDirectory() as folder:
        # The commands that come next are run elsewhere: they do not name a run's folder in another run's.
        ours = runner.new_folder(Path(folder), "fleet")
        report, made = runner.run(DiagnoseSettings.checked(parameters), ours, seconds, progress_bar=False)
        files = {file.name: file.read_bytes() for file in made.iterdir()}
    return report, files
