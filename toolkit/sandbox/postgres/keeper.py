"""Does anybody still use the sandbox's server?

Runs beside the server, in a session of its own, and ends it once its last user's process has ended, however that
came: the kernel releases a dead process's lock. Run by path (`python -I -S keeper.py HOME SOCKETS …`) and made of
the standard library alone, so that it starts in milliseconds.

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

_POLITENESS = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))  # fast, immediate, by force


def keep(home: Path, sockets: Path, server_lock: int, uid: int, gid: int, command: list[str]) -> None:
    """Start the server with `command` (empty: one is running already), and stop it when `users.lock` is free."""
    keepers = os.open(home / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(keepers, fcntl.LOCK_SH)
    if os.fork():  # the caller waits for this half only, and has no child left to reap
        os._exit(0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    if command:
        signal.signal(signal.SIGCHLD, _follow_the_server)
        identity: dict[str, Any] = {"user": uid, "group": gid, "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[server_lock], **identity)
        os.close(server_lock)  # from here on it says whether the server lives, not whether its keeper does
    with (home / "users.lock").open("ab") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX)
        finally:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # reaped by the kernel from here on
            stop_server(home)
        # Holding the lock: nobody is starting the next server.
        with contextlib.suppress(OSError):
            sockets.rmdir()


def _follow_the_server(*_: object) -> None:
    if os.waitpid(-1, os.WNOHANG)[0]:  # it ended by itself: whoever starts it again brings another keeper
        os._exit(0)


def stop_server(home: Path) -> None:
    """End the server of the sandbox folder `home`, if it runs: politely first, by force after 15 seconds."""
    for how, patience in _POLITENESS:
        deadline = time.monotonic() + patience
        told = False
        while time.monotonic() < deadline:
            if _has_ended(home):
                return
            if not told:
                with contextlib.suppress(OSError, ValueError, IndexError):  # it is only just starting
                    os.kill(int((home / "data" / "postmaster.pid").read_text().split()[0]), how)
                    told = True
            time.sleep(0.02)


def _has_ended(home: Path) -> bool:
    try:
        with (home / "server.lock").open("rb") as server:
            fcntl.flock(server, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except FileNotFoundError:  # somebody removed the sandbox
        pass
    return True


if __name__ == "__main__":
    _, home, sockets, server_lock, uid, gid, *command = sys.argv
    keep(Path(home), Path(sockets), int(server_lock), int(uid), int(gid), command)
