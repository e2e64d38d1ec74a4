"""The wheel: every file that the toolkit reads is in it."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.constants import ROOT


def test_wheel_has_every_file_that_is_read(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", tmp_path, ROOT], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    shipped = {Path(name) for name in zipfile.ZipFile(wheel).namelist()}
    shipped_in = {
        "toolkit/sandbox/dumps/*.sql": "sandbox/dumps",
        "toolkit/sql/*.sql": "sql",
        "toolkit/pages/template/*": "pages/template",
        "toolkit/pages/templates/*.j2": "pages/templates",
        "toolkit/pages/templates/verdicts/*.j2": "pages/templates/verdicts",
        "toolkit/fleet/*.j2": "fleet",
        "toolkit/catalog/*.j2": "catalog",
        "toolkit/sandbox/postgres/*.conf": "sandbox/postgres",
        "toolkit/*.txt": "",
        "notebooks/*.ipynb": "notebooks/files",
    }
    for pattern, folder in shipped_in.items():
        expected = {Path("toolkit", folder, path.name) for path in ROOT.glob(pattern)}
        assert expected, pattern
        assert expected <= shipped
    assert Path("toolkit/py.typed") in shipped
