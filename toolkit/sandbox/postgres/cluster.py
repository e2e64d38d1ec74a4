"""Is the sandbox's server running, and who keeps it running?

Four files beside the data directory are locked with flock(2), which the kernel undoes when a process dies:

- `start.lock`   held while somebody starts or stops the server: one at a time
- `users.lock`   shared by every process that uses the server; when it is free, the keeper ends the server
- `server.lock`  held by the server and all its children: alive, whatever postmaster.pid says
- `keeper.lock`  held by the keeper; a server without one gets a new one

"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from toolkit.errors import ToolkitError
from toolkit.sandbox.postgres import keeper
from toolkit.sandbox.postgres.binaries import (
    Account,
    Binaries,
    copied,
    find_binaries,
    named_plainly,
    plain_environment,
    run_as,
    server_account,
    within_reach,
)

_PATIENCE = 60.0  # seconds for a start, crash recovery on a slow disk included

_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    # /dev/shm is 64 MB in many containers, and what a killed server leaves there stays.
    "dynamic_shared_memory_type": "mmap",
    "huge_pages": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # The data are made up: quick, and safe against a crash of the server, not of the machine.
    "fsync": "off",
    "full_page_writes": "off",
    "checkpoint_warning": "0",
    "log_checkpoints": "off",
    # Outputs of notebooks must not depend on where they ran.
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}


class SandboxFolderError(ToolkitError):
    """the sandbox only uses folders that belong to you alone: remove that one, or set TOOLKIT_SANDBOX_DIR to a
    folder of your own"""


class SandboxStartError(ToolkitError):
    """the sandbox's PostgreSQL did not start: make room or repair what it names, or remove the sandbox's folder,
    it holds only made-up data"""


# One open file per sandbox folder, held until this process ends. A child of fork() inherits the lock, and the
# server lives until that child has ended too; a program started with exec() does not.
_memberships: dict[Path, int] = {}


def connection_string(database: str = "postgres") -> str:
    """Start or find the server, and return the libpq conninfo of `database` on it.

    From the first call on, the server runs at least until this process ends.

    Raises:
        NoPostgresError: if there is no PostgreSQL to run.
        SandboxFolderError: if a folder the server needs belongs to somebody else.
        SandboxStartError: if the server does not come up; quotes the end of its log.
    """
    binaries, account = find_binaries(), server_account()
    home = _home(binaries)
    conninfo = make_conninfo(host=str(_sockets(home)), port="5432", user="postgres", dbname="postgres")
    try:
        with _locked(home / "start.lock"):
            _join(home)
            _own_folder(_sockets(home), account, 0o700)
            _await_server(home, binaries, account, conninfo)
    except OSError as error:  # a full disk, most often
        raise SandboxStartError(str(error)) from error
    return make_conninfo(conninfo, dbname=database)


def stop() -> bool:
    """End the server now, whoever uses it; return whether there was one."""
    home = _home(find_binaries())
    with _locked(home / "start.lock"):
        with _if_free(home / "server.lock") as free:
            pass
        if free is None:
            keeper.stop_server(home)
        with contextlib.suppress(OSError):
            _sockets(home).rmdir()
    return free is None


def _home(binaries: Binaries) -> Path:
    """Return the folder of everything that belongs to servers of this major version, made when missing."""
    if named := os.environ.get("TOOLKIT_SANDBOX_DIR"):
        base = Path(named).absolute()
    elif os.geteuid() == 0:
        base = Path("/var/tmp/assistant-toolkit-0")  # root's home is closed to the server's user
    else:
        import platformdirs  # not needed by who names a folder

        base = platformdirs.user_data_path("assistant-toolkit")
    try:
        base.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SandboxFolderError(f"cannot make {str(base.parent)!r} ({error.strerror})") from error
    # Root's folder can be entered, not listed, by the server's user.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    myself = Account(os.geteuid(), os.getegid())
    _own_folder(base, myself, mode)
    base = base.resolve()
    _own_folder(base / str(binaries.major), myself, mode)
    return base / str(binaries.major)


def _sockets(home: Path) -> Path:
    """Return where the server's socket is: a path of at most 107 bytes, however long `home` is."""
    return Path("/tmp") / f"assistant-toolkit-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:10]}"


def _own_folder(path: Path, owner: Account, mode: int) -> None:
    """Make the folder `path`, or refuse one that another user made or may write to."""
    try:
        path.mkdir(mode=mode)
    except FileExistsError:
        pass
    except OSError as error:
        raise SandboxFolderError(f"cannot make {str(path)!r} ({error.strerror})") from error
    else:
        os.chmod(path, mode)  # whatever the umask
        os.chown(path, owner.uid, owner.gid)
    # A link is as good as its owner: in /tmp anybody can have laid one to a folder of ours.
    link, folder = path.lstat(), path.stat()
    strangers = {link.st_uid, folder.st_uid} - {owner.uid}
    if strangers or not stat.S_ISDIR(folder.st_mode) or folder.st_mode & 0o002:
        raise SandboxFolderError(f"{str(path)!r} is {stat.filemode(folder.st_mode)} of user {folder.st_uid}")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with open(path, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _if_free(path: Path) -> Iterator[int | None]:
    """Hold the lock and give its open file, or give None when somebody else holds it."""
    with open(path, "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield file.fileno()


def _join(home: Path) -> None:
    if home not in _memberships:
        file = os.open(home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(file, fcntl.LOCK_SH)  # waits while the keeper is ending the last server
        _memberships[home] = file


def _await_server(home: Path, binaries: Binaries, account: Account, conninfo: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    started = False
    while True:
        with _if_free(home / "server.lock") as server_lock:
            if server_lock is not None:
                if started:
                    raise SandboxStartError(f"the log {str(home / 'server.log')!r} ends {_log_end(home)!r}")
                usable = _prepare(home, binaries, account, server_lock)
                _launch_keeper(home, account, server_lock, _server_command(home, usable))
                started = True
        with _if_free(home / "keeper.lock") as orphaned:
            pass
        if orphaned is not None:
            _launch_keeper(home, account, None, [])
        try:
            psycopg.connect(conninfo, connect_timeout=10).close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise SandboxStartError(f"no answer in {_PATIENCE:.0f} s: {error}") from error
        time.sleep(0.05)


def _prepare(home: Path, binaries: Binaries, account: Account, server_lock: int) -> Binaries:
    """Clear away what a killed server left, and make the data directory when there is none."""
    # server.lock is ours, so these are nobody's; the process ids in them may be somebody else's by now.
    (home / "data" / "postmaster.pid").unlink(missing_ok=True)
    for left in _sockets(home).iterdir():
        left.unlink()
    usable = within_reach(binaries, account, home)
    for outdated in set(home.glob("binaries-*")) - set(usable.folder.parents):
        shutil.rmtree(outdated)
    if not (home / "data").exists():
        _initialize(home, usable, account, server_lock)
    return usable


def _initialize(home: Path, binaries: Binaries, account: Account, server_lock: int) -> None:
    if binaries.major >= 17:
        locales = [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]]
    else:
        locales = [["--locale=C.UTF-8"], ["--locale=C"]]  # not every system has the first
    options = ["--encoding=UTF8", "--data-checksums", "--auth=trust", "--username=postgres", "--no-sync"]
    half_done = home / "data.new"
    for locale in locales:
        if half_done.exists():  # killed half-way, or the disk was full
            shutil.rmtree(half_done)
        _own_folder(half_done, account, 0o700)
        with _runnable_by_a_shell(binaries, home) as runnable:
            command: list[str | Path] = [runnable.folder / "initdb", *options, *locale, "-D", half_done]
            # It holds the lock too: when we are killed, it goes on, and the next one waits for its end.
            made = run_as(account, command, home, server_lock)
        if made.returncode == 0:
            half_done.rename(home / "data")
            return
    raise SandboxStartError(f"initdb said {made.stderr.strip()[-500:]!r}")


@contextlib.contextmanager
def _runnable_by_a_shell(binaries: Binaries, home: Path) -> Iterator[Binaries]:
    """Give `binaries`, or a copy in /tmp for as long as initdb runs when a shell would misread their path."""
    if named_plainly(binaries):
        yield binaries
        return
    folder = _sockets(home).with_suffix(".initdb")
    _own_folder(folder, Account(os.geteuid(), os.getegid()), 0o711 if os.geteuid() == 0 else 0o700)
    try:
        yield copied(binaries, folder)
    finally:
        shutil.rmtree(folder)


def _server_command(home: Path, binaries: Binaries) -> list[str]:
    # PostgreSQL 18 reads through three processes of its own unless told not to.
    settings = _SETTINGS | ({"io_method": "sync"} if binaries.major >= 18 else {})
    settings["unix_socket_directories"] = str(_sockets(home))
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(binaries.folder / "postgres"), "-D", str(home / "data"), *options]


def _launch_keeper(home: Path, account: Account, server_lock: int | None, command: list[str]) -> None:
    """Launch the keeper, which starts the server with `command`; with neither, it watches the one that runs."""
    locks = [] if server_lock is None else [server_lock]
    numbers = [str(number) for number in (*(locks or [-1]), account.uid, account.gid)]
    with open(home / "server.log", "wb" if command else "ab") as log:
        subprocess.run(
            [sys.executable, "-I", "-S", keeper.__file__, home, _sockets(home), *numbers, *command],
            cwd=home,
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,  # not ours: whoever reads our output would wait for the server to end
            stderr=log,
            pass_fds=locks,
            start_new_session=True,  # Ctrl-C in our terminal is none of its business
            check=True,
        )


def _log_end(home: Path) -> str:
    return (home / "server.log").read_text(encoding="utf-8", errors="replace")[-500:].strip()
