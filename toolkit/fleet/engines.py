"""Engines: processes of this machine, or an existing Dask cluster. Both end and replace a worker that hangs."""

import multiprocessing
import os
import uuid
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from functools import partial
from threading import Thread, Timer, current_thread
from typing import Any

from pebble import ProcessPool

from toolkit.errors import ParameterError
from toolkit.fleet import worker

_TASKS = 100
"""Targets after which a process is replaced, so that its memory does not grow."""

_SECONDS_TO_RESTART = 30


class Processes:
    """Warm processes on this machine. One that hangs or dies is replaced, and the others go on."""

    def __init__(self, targets: int) -> None:
        # Much of their time they wait for servers. One without work might still be starting when the pool ends.
        self.size = min(2 * (os.cpu_count() or 1), targets)
        self._pool = self._new()

    def _new(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")  # a fork of this process would copy its threads' locks
        context.set_forkserver_preload([worker.__name__])
        return ProcessPool(self.size, _TASKS, worker.prepare, context=context)

    def submit(self, limit: int, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Run a function in a worker; after `limit` seconds it is ended, and the future has a TimeoutError."""
        if not self._pool.active:  # all its processes died at once
            self.stop()
            self._pool = self._new()
        return self._pool.schedule(function, arguments, timeout=limit)

    def stop(self) -> None:
        """End all workers."""
        self._pool.stop()
        self._pool.join()


class Cluster:
    """The workers of a Dask cluster. One that hangs is restarted by its nanny; Dask runs its other work elsewhere."""

    def __init__(self, scheduler: str) -> None:
        """Connect to the cluster's scheduler.

        Raises:
            ParameterError: if `distributed` is not installed, nobody answers at the address, or there is no worker.
        """
        try:
            from distributed import Client

            self._client = Client(scheduler, timeout=10, set_as_default=False)
        except ModuleNotFoundError:
            raise ParameterError("--scheduler needs distributed: pip install '.[notebooks,fleet]'") from None
        except (OSError, ValueError) as error:
            raise ParameterError(f"got scheduler {scheduler!r}, but it does not answer: {error}") from None
        self._ending: list[Thread] = []
        self.size = sum(self._client.nthreads().values())
        if not self.size:
            self.stop()
            raise ParameterError(f"got scheduler {scheduler!r}, but it has no worker")

    def submit(self, limit: int, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Run a function in a worker; after `limit` seconds its worker is restarted, and the future has a TimeoutError.

        A future of the client's own executor is not told when the scheduler goes away.
        """
        local: Future[Any] = Future()
        remote = self._client.submit(function, *arguments, key=f"{function.__name__}-{uuid.uuid4()}")
        remote.add_done_callback(partial(_copy, local))
        timer = Timer(limit, self._end, (local, remote))
        timer.daemon = True
        timer.start()
        local.add_done_callback(lambda _: timer.cancel())
        return local

    def _end(self, local: Future[Any], remote: Any) -> None:
        self._ending.append(current_thread())
        with suppress(InvalidStateError):  # it ended at this moment
            local.set_exception(TimeoutError())
            with suppress(Exception):  # the scheduler went away
                hanging = [worker for worker, keys in self._client.processing().items() if remote.key in keys]
                remote.cancel()
                self._client.restart_workers(hanging, timeout=_SECONDS_TO_RESTART, raise_for_error=False)

    def stop(self) -> None:
        """Cancel what still runs, and wait for the workers that are being restarted; the cluster stays."""
        for thread in self._ending:
            thread.join()
        self._client.close()


def _copy(local: Future[Any], remote: Any) -> None:
    with suppress(InvalidStateError):  # its time is over
        try:
            local.set_result(remote.result())
        except Exception as error:
            local.set_exception(error)
