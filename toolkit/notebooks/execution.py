"""The execution of a notebook by papermill, in a kernel that is already starting.

Importing it loads papermill: `runner` does so once the kernel's process is on its way.
"""

import sys
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import papermill
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import ERROR_MARKER_TAG

from toolkit.errors import exit_status_of
from toolkit.escaping import masked
from toolkit.settings import Settings

_LOOK_ABOUT = "look-about"
"""The tag of cells that show how DataFrames are used. A command skips them: they take pandas, and memory."""


class _Engine(NBClientEngine):  # type: ignore[misc] # papermill has no hints
    """papermill's engine, on a kernel that is starting already."""

    @classmethod
    def execute_managed_notebook(
        cls, manager: Any, kernel_name: str, *, client: Mapping[str, Any], made: list[NotebookNode], **_: Any
    ) -> None:
        """Run the cells by nbclient with the options `client`, and leave the notebook in `made`."""
        made.append(manager.nb)
        PapermillNotebookClient(manager, kernel_name=kernel_name, **client).execute(cleanup_kc=True)


papermill_engines.register("toolkit", _Engine)


def execute(
    kernel: AsyncKernelManager,
    settings: Settings,
    source: Path,
    made: list[NotebookNode],
    cell_timeout: int,
    progress_bar: bool,
) -> tuple[int, str]:
    """Run a notebook in this kernel, leave it in `made`, and end the kernel: at once if the notebook only reads.

    Return the exit status and the message for a notebook that has no verdict.
    """
    client = {
        "km": kernel,
        "timeout": cell_timeout,
        "skip_cells_with_tag": _LOOK_ABOUT,
        "stderr_file": sys.stderr if progress_bar else None,
        "shutdown_kernel": "graceful" if hasattr(settings, "apply") else "immediate",
    }
    try:
        with ThreadPoolExecutor(1) as thread, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # papermill and Jupyter warn about each other
            thread.submit(_prepare_page)
            papermill.execute_notebook(
                source,
                None,  # saved once, when all is done: a save that fails must not end a run
                {"supabase": settings.supabase, **settings.model_dump(exclude_defaults=True)},
                engine_name="toolkit",
                kernel_name="python3",
                progress_bar={"bar_format": "{l_bar}{bar}| {n_fmt}/{total_fmt} cells"} if progress_bar else False,
                client=client,
                made=made,
            )
    except PapermillExecutionError as error:
        return exit_status_of(error.ename) or 1, error.evalue
    except CellTimeoutError:
        late = f"a cell took longer than {cell_timeout} s: give it more with --cell-timeout"
        return 1, f"{late}. {settings.after_stop}"
    except RuntimeError as error:  # the kernel died, or did not start
        return 1, f"the notebook's Python process ended: {error}. Is there memory enough? {settings.after_stop}"
    return 1, "the notebook ended without a verdict"


def _prepare_page() -> None:
    """Load what makes the page, and the errors that may stop the notebook, while the notebook's process works."""
    from toolkit.notebooks import calls, page  # noqa: F401 - `exit_status_of` finds the errors of `calls`

    page.exporter()


def clean(notebook: NotebookNode, secrets: Sequence[str], *, has_verdict: bool) -> None:
    """Remove progress bars and libraries' warnings, and mask the secrets in every output.

    With a verdict, remove papermill's error note too: the notebook ended as it should, and the report explains why.
    """
    if has_verdict:
        notebook.cells = [cell for cell in notebook.cells if ERROR_MARKER_TAG not in cell.metadata.get("tags", [])]
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.outputs = [each for each in cell.outputs if each.get("name") != "stderr"]
        for output in cell.outputs:
            for name in {"text", "ename", "evalue"} & output.keys():
                output[name] = masked(output[name], secrets)
            if "traceback" in output:
                output.traceback = [masked(line, secrets) for line in output.traceback]
