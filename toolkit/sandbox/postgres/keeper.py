"""The keeper: a process that stops the sandbox's server after its last user's process has ended.

It runs in its own session. The kernel releases a dead process's lock, so even a killed user counts as ended. Run by
path with the standard library alone (`python -I -S keeper.py HOME SOCKETS …`), it starts in milliseconds.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PROCESS = "server.pid"
"""The file of the server's process id, in a folder where the server itself cannot write, unlike its data."""

_STOP_SIGNALS = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))  # fast, immediate, kill


def keep(home: Path, sockets: Path, uid: int, gid: int, command: list[str]) -> None:
    """Start the server with `command` (empty: one runs already), and stop it when `users.lock` is free."""
    fcntl.flock(opened(home / "keeper.lock"), fcntl.LOCK_SH)
    if command:
        fcntl.flock(server_lock := opened(home / "server.lock"), fcntl.LOCK_EX)
    if os.fork():  # the caller waits for this process only, and has no child left to reap
        os._exit(0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    if command:
        signal.signal(signal.SIGCHLD, _end_with_server)
        identity: dict[str, Any] = {"user": uid, "group": gid, "extra_groups": []} if os.geteuid() == 0 else {}
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[server_lock], **identity)
        (home / PROCESS).write_text(f"{server.pid}\n")
        os.close(server_lock)  # from here on only the server holds it
    try:
        fcntl.flock(opened(home / "users.lock"), fcntl.LOCK_EX)
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps from here on
        stop_server(home)
    # We hold the lock, so no process is starting the next server.
    with contextlib.suppress(OSError):
        sockets.rmdir()


def opened(lock: Path) -> int:
    """Open a lock's file, which is this user's alone: who can read it can hold the lock."""
    file = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    os.fchmod(file, 0o600)  # an earlier version's
    return file


def _end_with_server(*_: object) -> None:
    if os.waitpid(-1, os.WNOHANG)[0]:  # the next start launches another keeper
        os._exit(0)


def stop_server(home: Path) -> None:
    """Stop a running server of the sandbox folder `home`; kill it after 15 seconds."""
    for how, patience in _STOP_SIGNALS:
        deadline = time.monotonic() + patience
        is_sent = False
        while time.monotonic() < deadline:
            if is_free(home / "server.lock"):
                return
            if not is_sent:
                with contextlib.suppress(OSError, ValueError):  # it has not written the file yet
                    if (process_id := int((home / PROCESS).read_text())) > 1:  # -1 is every process of the machine
                        os.kill(process_id, how)
                        is_sent = True
            time.sleep(0.02)


def is_free(lock: Path) -> bool:
    """Return whether no process holds the lock, or the file does not exist."""
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except FileNotFoundError:  # a user may remove the sandbox's folder
        pass
    return True


if __name__ == "__main__":
    _, home, sockets, uid, gid, *command = sys.argv
    keep(Path(home), Path(sockets), int(uid), int(gid), command)
