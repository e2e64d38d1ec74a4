"""The command line, run as a person runs it."""

import os
import subprocess
import sys
from pathlib import Path


def toolkit(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "toolkit", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **environment}
    )


def only_folder(report_dir: Path) -> Path:
    (folder,) = report_dir.iterdir()
    return folder
