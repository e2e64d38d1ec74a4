"""A diagnosis without a notebook: the verdict, `report.json` and `findings.csv`."""

from pathlib import Path

from toolkit.errors import ToolkitError
from toolkit.notebooks import calls
from toolkit.notebooks.folder import new_folder, stopped, tell_ci
from toolkit.pages.report import Report
from toolkit.settings import Settings


def diagnose(settings: Settings, report_dir: Path) -> tuple[Report, Path]:
    """Diagnose as the notebook does, and write the run's files, but no page.

    Returns:
        The report, and the folder with `report.json`, `findings.csv` and `junit.xml`.

    Raises:
        ParameterError: if the folder cannot be created.
    """
    folder = new_folder(report_dir, settings.command)
    settings = settings.model_copy(update={"report_dir": str(folder)})
    try:
        report = calls.diagnose(**dict(settings)).write()
    except ToolkitError as error:
        report = stopped(settings, error.exit_status, str(error))
    except KeyboardInterrupt:
        report = stopped(settings, 1, "interrupted. Nothing was changed.")
    except Exception as error:  # as a notebook does: the folder says what happened
        report = stopped(settings, 1, f"{type(error).__name__}: {error}. Without --quick, the notebook shows where.")
    tell_ci(folder, report)
    return report, folder
