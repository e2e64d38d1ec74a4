"""The run of a fleet: every target to a worker, its row as it ends, and the result of them all."""

import shlex
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tqdm import tqdm

from toolkit.errors import ParameterError, ToolkitError
from toolkit.fleet import worker
from toolkit.fleet.engines import Cluster, Processes
from toolkit.fleet.result import Fleet, Row, Verdict
from toolkit.fleet.targets import Target, read
from toolkit.notebooks.runner import new_folder, warn
from toolkit.pages.report import Report
from toolkit.settings import DiagnoseSettings

_WITH_PAGE: dict[str, tuple[Verdict, ...]] = {"red": ("mismatched",), "all": ("mismatched", "clean"), "none": ()}

_ATTEMPTS = 2
"""How often a target is given to a worker, if its worker dies."""

_SECONDS_TO_RESOLVE = 60


@dataclass
class _Job:
    target: Target
    connections: dict[str, int] = field(default_factory=dict)
    """How many it opens at each host."""
    row: Row | None = None
    """What the look found, while the page is made."""
    attempts: int = 0

    def stopped(self, verdict: Verdict, message: str, seconds: float = 0) -> Row:
        """Return the row of a target that did not end by itself; what its look found is kept."""
        if self.row is None:
            return Row(name=self.target.name, verdict=verdict, message=message, seconds=seconds)
        message = f"Its page was not made: {message.rstrip('.')}. The look before found: {self.row.message}"
        return self.row.model_copy(update={"verdict": verdict, "message": message})


@dataclass
class _Run:
    jobs: list[_Job]
    engine: Processes | Cluster
    folder: Path
    with_page: tuple[Verdict, ...]
    """Verdicts of the targets that get a page."""
    limit: int
    """Seconds of a look, or of a page."""
    most: int
    """Connections to one host at the same time."""
    unwritten: list[str] = field(default_factory=list)
    """Files that could not be written."""
    _waiting: list[_Job] = field(default_factory=list)
    _running: dict[Future[Any], _Job] = field(default_factory=dict)
    _opened: Counter[str] = field(default_factory=Counter)

    def rows(self) -> Iterator[Row]:
        """Yield each target's row as it ends: first the looks, then the pages.

        Raises:
            ParameterError: if the workers cannot run the toolkit.
        """
        try:
            parameters = [job.target.parameters for job in self.jobs]
            hosts = self.engine.submit(_SECONDS_TO_RESOLVE, worker.hosts, parameters).result()
        except Exception as error:
            raise ParameterError(f"the workers cannot run the toolkit: {type(error).__name__}: {error}") from None
        for job, names in zip(self.jobs, hosts, strict=True):
            job.connections = {host: min(count, self.most) for host, count in Counter(names).items()}
        self._waiting = list(self.jobs)
        while self._waiting or self._running:
            self._start()
            for future in wait(self._running, return_when=FIRST_COMPLETED).done:
                job = self._running.pop(future)
                self._opened.subtract(job.connections)
                if row := self._ended(job, future):
                    yield row

    def _start(self) -> None:
        """Give the workers what they can take, and no host more connections than it is allowed."""
        for job in list(self._waiting):
            if len(self._running) >= self.engine.size:
                break
            if all(self._opened[host] + count <= self.most for host, count in job.connections.items()):
                self._waiting.remove(job)
                self._opened.update(job.connections)
                task: tuple[Any, ...] = (worker.look, job.target.name, job.target.parameters)
                if job.row:
                    task = (worker.page, job.target.parameters, self.limit)
                self._running[self.engine.submit(self.limit, *task)] = job

    def _ended(self, job: _Job, future: Future[Any]) -> Row | None:
        """Return the target's row; None: it goes on."""
        try:
            found = future.result()
        except TimeoutError:
            message = f"no end after {self.limit} s: see whether its server answers, or raise --time-limit"
            return job.stopped("timeout", message, self.limit)
        except Exception as error:
            job.attempts += 1
            if job.attempts < _ATTEMPTS:
                self._waiting.insert(0, job)
                return None
            reason = f"its worker ended {_ATTEMPTS} times ({type(error).__name__}: {error}): is there memory enough?"
            return job.stopped("broken", reason)
        if job.row is None:
            row: Row = found
            if row.verdict not in self.with_page:
                return row
            job.row, job.attempts = row, 0
            self._waiting.append(job)
            return None
        return self._paged(job, *found)

    def _paged(self, job: _Job, report: Report, files: Mapping[str, bytes]) -> Row:
        """Save a page's files; return the row that names it."""
        name = job.target.name
        folder = self.folder / "pages" / name
        try:
            folder.mkdir(mode=0o700, parents=True)
            for file, content in files.items():
                (folder / file).write_bytes(content)
        except OSError as error:
            self.unwritten.append(f"pages/{name} ({error.strerror})")
            shutil.rmtree(folder, ignore_errors=True)
        row = Row.of(name, report)
        if not row.is_looked_at:
            row = job.stopped("broken", report.message)
        page = f"pages/{name}/{DiagnoseSettings.command}.html"
        return row.model_copy(update={"page": page if (self.folder / page).is_file() else None})


def diagnose(
    file: Path, report_dir: Path, pages: str, limit: int, most: int, scheduler: str | None, since: Path | None
) -> tuple[Fleet, Path]:
    """Diagnose every target of a file; return the result, and its folder.

    After Ctrl-C, SIGTERM or an error the workers are ended, and the result says which targets were not looked at.

    Raises:
        ParameterError: if the file, the earlier result, the folder or the scheduler cannot be used.
    """
    targets, earlier = read(file), Fleet.read(since) if since else None
    engine = Cluster(scheduler) if scheduler else Processes(len(targets))
    rows: list[Row] = []
    try:
        folder = new_folder(report_dir, "fleet")
        run = _Run([_Job(target) for target in targets], engine, folder, _WITH_PAGE[pages], limit, most)
        shown = tqdm(total=len(targets), unit="target", mininterval=0.1 if sys.stderr.isatty() else 10)
        with shown as bar, (folder / "targets.jsonl").open("wb", buffering=0) as lines:

            def end(row: Row) -> None:
                with suppress(OSError):  # a full disk; the terminal says it, and fleet.json where there is room
                    lines.write(row.model_dump_json().encode() + b"\n")
                rows.append(row)
                bar.set_postfix(Counter(row.verdict for row in rows), refresh=False)
                bar.update()

            try:
                for row in run.rows():
                    end(row)
            except ToolkitError:
                raise
            except (KeyboardInterrupt, Exception) as error:  # a scheduler that went away, a full disk
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # what follows takes seconds
                why = "was interrupted" if isinstance(error, KeyboardInterrupt) else f"broke ({error!r})"
                ended = {row.name for row in rows}
                for job in run.jobs:
                    if job.target.name not in ended:
                        end(job.stopped("broken", f"the run {why}; run it again"))
    finally:
        engine.stop()
    fleet = Fleet.made_of(rows, earlier)
    again = [str(file), "--report-dir", str(report_dir), "--since", str(folder / "fleet.json")]
    fleet.write(folder, shlex.join(["assistant-toolkit", "fleet", "diagnose", *again]), run.unwritten)
    warn(run.unwritten)
    return fleet, folder
