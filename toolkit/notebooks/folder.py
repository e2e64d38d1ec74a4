"""A run's folder, and the files in it that every run leaves."""

import os
from datetime import UTC, datetime
from pathlib import Path

from toolkit.errors import ParameterError, ToolkitError
from toolkit.masking import masked, spellings
from toolkit.pages import ci, report
from toolkit.pages.report import EXIT_STATUS, Report, VerdictWord
from toolkit.settings import Settings


def new_folder(report_dir: Path, command: str) -> Path:
    """Create the folder `<time>-<command>` in `report_dir`.

    Raises:
        ParameterError: if it cannot be created.
    """
    stem = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    for number in range(1, 100):
        folder = report_dir.absolute() / (f"{stem}-{command}" if number == 1 else f"{stem}-{number}-{command}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise ParameterError(f"cannot make report folder {str(folder)!r}: {error.strerror}") from None
        return folder
    raise ToolkitError(f"too many reports of this second in {report_dir}")


def stopped(settings: Settings, exit_status: int, message: str) -> Report:
    """Write and return the report of a run that ended without a verdict; its secrets are masked."""
    verdict: VerdictWord = "refused" if exit_status == EXIT_STATUS["refused"] else "broken"
    said = Report(
        notebook=settings.command,
        verdict=verdict,
        exit_status=EXIT_STATUS[verdict],
        scope=settings.scope,
        seconds=settings.seconds,
        message=masked(message, spellings(settings.secrets())),
    )
    return report.write(settings, said)


def tell_ci(folder: Path, said: Report) -> None:
    """Write `junit.xml`, and add the report to GitHub's page of the run (`GITHUB_STEP_SUMMARY`)."""
    (folder / "junit.xml").write_bytes(ci.junit(said))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as opened:
            opened.write(ci.markdown(said))
