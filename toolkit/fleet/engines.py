"""Engines: processes of this machine, or an existing Dask cluster. Both end and replace a worker that hangs."""

import multiprocessing
import os
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Timer
from typing import Any

from pebble import ProcessPool

from toolkit.errors import ParameterError
from toolkit.fleet import worker

_TASKS = 100
"""Targets after which a process is replaced, so that its memory does not grow."""


class Processes:
    """Warm processes on this machine. One that hangs or dies is replaced, and the others go on."""

    def __init__(self) -> None:
        self.size = 2 * (os.cpu_count() or 1)  # much of their time they wait for servers
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
        self._executor = self._client.get_executor()
        self.size = sum(self._client.nthreads().values())
        if not self.size:
            self.stop()
            raise ParameterError(f"got scheduler {scheduler!r}, but it has no worker")

    def submit(self, limit: int, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Run a function in a worker; after `limit` seconds its worker is restarted, and the future is cancelled."""
        key = f"{function.__name__}-{uuid.uuid4()}"
        future: Future[Any] = self._executor.submit(function, *arguments, key=key)
        timer = Timer(limit, self._end, (key, future))
        timer.daemon = True
        timer.start()
        future.add_done_callback(lambda _: timer.cancel())
        return future

    def _end(self, key: str, future: Future[Any]) -> None:
        with suppress(OSError):  # the run ended meanwhile; the scheduler goes on by itself
            hanging = [address for address, keys in self._client.processing().items() if key in keys]
            if future.cancel() and hanging:
                self._client.restart_workers(hanging, raise_for_error=False)

    def stop(self) -> None:
        """Cancel what still runs; the cluster stays."""
        self._executor.shutdown(wait=False)
        self._client.close()
