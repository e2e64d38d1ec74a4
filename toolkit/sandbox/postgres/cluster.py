"""The sandbox's server: its folder, its start and its stop.

Four files beside the data directory are locked with flock(2). The kernel releases a dead process's locks.

- `start.lock`   one process at a time holds it, to start or stop the server
- `users.lock`   every process that uses the server shares it; when it is free, the keeper stops the server
- `server.lock`  the server and all its children hold it: they live, whatever postmaster.pid says
- `keeper.lock`  the keeper holds it; a server without a keeper gets a new one
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
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo

from toolkit.errors import ParameterError, ToolkitError
from toolkit.sandbox.postgres import keeper
from toolkit.sandbox.postgres.binaries import Account, Binaries, find_binaries, plain_environment, server_account

_START_TIMEOUT = 60.0  # seconds; crash recovery on a slow disk takes long

_EMPTY = ("hostaddr", "require_auth", "requirepeer")
_PINNED = {
    option.keyword.decode(): (option.compiled or b"").decode()
    for option in pq.Conninfo.get_defaults()
    if option.envvar and (option.compiled is not None or option.keyword.decode() in _EMPTY)
}
"""libpq's options as they are without PGHOSTADDR, PGOPTIONS, PGSERVICE and the like, which may name another server."""


class SandboxFolderError(ToolkitError):
    """A sandbox folder that other users own or can write to."""

    remedy = (
        "the sandbox only uses folders that belong to you alone: remove that one, or set TOOLKIT_SANDBOX_DIR to a "
        "folder of your own"
    )


class SandboxStartError(ToolkitError):
    """A sandbox whose PostgreSQL did not start."""

    remedy = (
        "the sandbox's PostgreSQL did not start: make room or repair what it names, or remove the sandbox's folder, it "
        "holds only made-up data"
    )


_memberships: dict[Path, int] = {}
"""The open `users.lock` of each sandbox folder, until this process ends.

A child of fork() inherits the lock, and the server also waits for that child's end. An exec() closes it.
"""


def connection_string(database: str = "postgres") -> str:
    """Start or find the server, and return the libpq conninfo of `database` on it.

    From the first call on, the server runs at least until this process ends.

    Raises:
        NoPostgresError: if there is no PostgreSQL to run.
        SandboxFolderError: if a folder of the server belongs to another user.
        SandboxStartError: if the server does not start; quotes the end of its log.
        ParameterError: if a variable such as PGSERVICE or PGTZ holds what libpq or the server refuses.
    """
    binaries, account = find_binaries(), server_account()
    home = _home(binaries)
    ours = {"host": str(_sockets(home)), "user": "postgres", "client_encoding": "utf8", "connect_timeout": "10"}
    conninfo = make_conninfo(**_PINNED | ours, dbname="postgres")
    try:
        with _locked(home / "start.lock") as start_lock:
            _join(home)
            _own_folder(_sockets(home), account)
            _await_server(home, binaries, account, conninfo, start_lock)
    except OSError as error:  # a full disk, most often
        raise SandboxStartError(str(error)) from error
    return make_conninfo(conninfo, dbname=database)


def stop() -> bool:
    """Stop the server, even while it is in use; return whether one ran. The databases keep their state."""
    home = _home(find_binaries())
    with _locked(home / "start.lock"):
        if ran := not keeper.is_free(home / "server.lock"):
            keeper.stop_server(home)
        with contextlib.suppress(OSError):
            _sockets(home).rmdir()
    return ran


def _home(binaries: Binaries) -> Path:
    """Return the folder of this major version's server; create a missing one."""
    if named := os.environ.get("TOOLKIT_SANDBOX_DIR"):
        base = Path(named).absolute()
    elif os.geteuid() == 0:
        # Root's home is closed to the server's user.
        base = Path("/var/tmp/assistant-toolkit-0")  # noqa: S108 - _own_folder refuses a stranger's
    else:
        import platformdirs  # not installed with every extra

        base = platformdirs.user_data_path("assistant-toolkit")
    _own_folder(base)
    home = base.resolve() / str(binaries.major)
    _own_folder(home)
    return home


def _sockets(home: Path) -> Path:
    """Return the folder of the server's socket, whose path must be shorter than 108 bytes."""
    key = hashlib.sha256(os.fsencode(home)).hexdigest()[:10]
    return Path(f"/tmp/assistant-toolkit-{os.geteuid()}-{key}")  # noqa: S108 - _own_folder refuses a stranger's


def _own_folder(path: Path, server: Account | None = None) -> None:
    """Create a folder of this user, or of the server's; refuse one that another user made or can write to."""
    owner = server or Account(os.geteuid(), os.getegid())
    # The server's user may enter root's folder, not list it.
    mode = 0o711 if server is None and os.geteuid() == 0 else 0o700
    try:
        path.mkdir(mode=mode, parents=True)
    except FileExistsError:
        pass
    except OSError as error:
        raise SandboxFolderError(f"cannot make {str(path)!r} ({error.strerror})") from error
    else:
        path.chmod(mode)  # mkdir applies the umask
        os.chown(path, owner.uid, owner.gid)
    # In /tmp another user can make a link to a folder of ours, so the link's owner counts too.
    link, folder = path.lstat(), path.stat()
    strangers = {link.st_uid, folder.st_uid} - {owner.uid}
    if strangers or not stat.S_ISDIR(folder.st_mode) or folder.st_mode & 0o022:
        raise SandboxFolderError(f"{str(path)!r} is {stat.filemode(folder.st_mode)} of user {folder.st_uid}")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Hold the lock and yield its open file."""
    file = keeper.opened(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _join(home: Path) -> None:
    if home not in _memberships:
        file = keeper.opened(home / "users.lock")
        fcntl.flock(file, fcntl.LOCK_SH)  # waits while the keeper stops the last server
        _memberships[home] = file


def _await_server(home: Path, binaries: Binaries, account: Account, conninfo: str, start_lock: int) -> None:
    deadline = time.monotonic() + _START_TIMEOUT
    started = False
    while True:
        if keeper.is_free(home / "server.lock"):
            if started:
                log = home / "server.log"
                end = log.read_text(encoding="utf-8", errors="replace")[-500:].strip()
                raise SandboxStartError(f"the log {str(log)!r} ends {end!r}")
            usable = _prepare(home, binaries, account, start_lock)
            _launch_keeper(home, account, _server_command(home, usable))
            started = True
        if keeper.is_free(home / "keeper.lock"):
            _launch_keeper(home, account)
        try:
            psycopg.connect(conninfo).close()
            return
        except psycopg.OperationalError as error:
            said = str(error)
            if "on socket" not in said or ("FATAL" in said and "the database system is" not in said):
                raise ParameterError(f"a variable PG… of the environment is refused: {said}") from None
            if time.monotonic() > deadline:
                raise SandboxStartError(f"no answer in {_START_TIMEOUT:.0f} s: {error}") from error
        time.sleep(0.05)


def _prepare(home: Path, binaries: Binaries, account: Account, start_lock: int) -> Binaries:
    """Remove a killed server's files, and create a missing data directory; return usable binaries."""
    # No server holds server.lock, and none is started meanwhile. The kernel may have reused the process ids in these.
    for path in (home / "data" / "postmaster.pid", home / keeper.PROCESS):
        path.unlink(missing_ok=True)
    for left in _sockets(home).iterdir():
        left.unlink()
    usable = binaries.within_reach(account, home)
    for outdated in set(home.glob("binaries-*")) - set(usable.folder.parents):
        shutil.rmtree(outdated)
    if not (home / "data").exists():
        _initialize(home, usable, account, start_lock)
    return usable


def _initialize(home: Path, binaries: Binaries, account: Account, start_lock: int) -> None:
    if binaries.major >= 17:
        locales = [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]]
    else:
        locales = [["--locale=C.UTF-8"], ["--locale=C"]]  # not every system has the first
    options = ["--encoding=UTF8", "--data-checksums", "--auth=trust", "--username=postgres", "--no-sync"]
    half_done = home / "data.new"
    for locale in locales:
        if half_done.exists():  # killed half-way, or the disk was full
            shutil.rmtree(half_done)
        _own_folder(half_done, account)
        with _runnable_by_a_shell(binaries, home) as runnable:
            command: list[str | Path] = [runnable.folder / "initdb", *options, *locale, "-D", half_done]
            # It holds the lock too: when we are killed, it goes on, and the next one waits for its end.
            made = account.run(command, home, start_lock)
        if made.returncode == 0:
            half_done.rename(home / "data")
            return
    raise SandboxStartError(f"initdb said {made.stderr.strip()[-500:]!r}")


@contextlib.contextmanager
def _runnable_by_a_shell(binaries: Binaries, home: Path) -> Iterator[Binaries]:
    """Yield `binaries`, or a copy in /tmp if initdb cannot run `postgres`: a shell reads its path in double quotes."""
    if not set(str(binaries.folder)) & set('"$`\\\n'):
        yield binaries
        return
    folder = _sockets(home).with_suffix(".initdb")
    _own_folder(folder)
    try:
        yield binaries.copied(folder)
    finally:
        shutil.rmtree(folder)


def _server_command(home: Path, binaries: Binaries) -> list[str]:
    lines = (resources.files(__package__) / "sandbox.conf").read_text(encoding="utf-8").splitlines()
    settings = [line for line in lines if not line.startswith("#")]
    settings.append(f"unix_socket_directories={_sockets(home)}")
    if binaries.major >= 18:  # by default it starts three processes that read
        settings.append("io_method=sync")
    return [str(binaries.folder / "postgres"), "-D", str(home / "data"), *(f"--{each}" for each in settings)]


def _launch_keeper(home: Path, account: Account, command: Sequence[str] = ()) -> None:
    """Launch the keeper, which starts the server with `command`; without one, it watches the running server."""
    identity = [str(account.uid), str(account.gid)]
    with (home / "server.log").open("wb" if command else "ab") as log:
        subprocess.run(
            [sys.executable, "-I", "-S", keeper.__file__, home, _sockets(home), *identity, *command],
            cwd=home,
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,  # a reader of our own output would wait until the server ends
            stderr=log,
            start_new_session=True,  # Ctrl-C in our terminal must not reach it
            check=True,
        )
