"""JupyterLab on copies of the notebooks, so that what is looked at stays out of tracked files."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager

from toolkit.notebooks.runner import new_folder, notebook_file
from toolkit.settings import Settings

_FIRST = "00-start-here"

_OURS = "--ServerApp.kernel_spec_manager_class=toolkit.notebooks.lab.OurKernel"

# It asks other hosts for news and updates, and its question whether it may covers a corner.
_PAGE = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}


class OurKernel(KernelSpecManager):
    """The kernel of this Python, and none that the user installed."""

    def _kernel_dirs_default(self) -> list[str]:
        return []


def copies(report_dir: Path, named: Mapping[str, str]) -> Path:
    """Copy the notebooks into a new folder `<time>-lab` of `report_dir`, and return it.

    `named` has values for the parameters cells, such as `{"supabase": "env:SUPABASE_DB_URL"}`. With them, the copies
    have no outputs: the committed ones are of the practice database.

    Raises:
        ParameterError: if a command would refuse a value, or the folder cannot be created.
    """
    Settings.checked(named)
    folder = new_folder(report_dir, "lab")
    for file in notebook_file(_FIRST).parent.glob("*.ipynb"):
        notebook = json.loads(file.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if named and cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
            if "parameters" in cell["metadata"].get("tags", ()):
                cell["source"] = _with(named, "".join(cell["source"]))
        (folder / file.name).write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return folder


def _with(named: Mapping[str, str], source: str) -> str:
    """Return a parameters cell with these values."""

    def line(found: re.Match[str]) -> str:
        name, value = found.groups()
        return f"{name}: str = {json.dumps(named[name], ensure_ascii=False) if name in named else value}  #"

    return re.sub(r"^(\w+): str = (.*?)  #", line, source, flags=re.MULTILINE)


def serve(folder: Path, arguments: Sequence[str]) -> int:
    """Run JupyterLab on `folder` until it ends: on this machine only, with a token. Return its exit status."""
    command: list[Any] = [sys.executable, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1"]
    options = [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url=/lab/tree/{_FIRST}.ipynb", _OURS]
    (settings := folder / ".jupyter" / "labconfig").mkdir(parents=True)
    (settings / "page_config.json").write_text(json.dumps(_PAGE), encoding="utf-8")
    paths = filter(None, (str(settings.parent), os.environ.get("JUPYTER_CONFIG_PATH")))
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(paths)}
    with subprocess.Popen([*command, *options, *arguments], env=environment) as server:  # noqa: S603 - this Python
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())  # it would outlive this process
        try:
            return server.wait()
        except KeyboardInterrupt:
            server.terminate()
            return 0
