"""Where do a million findings fit?"""

import tempfile
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator

from toolkit.records import KINDS, Finding, Kind

_AT_ONCE = 1000
_IN_MEMORY = 4 * 2**20


class Findings:
    """Findings, kind by kind; from some megabytes on in a file that goes with this object.

    What is read from them is made when asked for, so iterate rather than collect.
    """

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)
        weakref.finalize(self, self._file.close)
        self._end = 0
        self._pages: dict[Kind, list[tuple[int, int]]] = {kind: [] for kind in KINDS}
        self._waiting: dict[Kind, list[bytes]] = {kind: [] for kind in KINDS}
        self._counted: Counter[tuple[Kind, bool]] = Counter()
        self._rows: Counter[Kind] = Counter()
        self.add(findings)

    def __iter__(self) -> Iterator[Finding]:
        """All findings, by kind, and of each kind in the order they were added."""
        for kind in KINDS:
            yield from self.of(kind)

    def of(self, kind: Kind) -> Iterator[Finding]:
        """The findings of one kind, in the order they were added."""
        if self._waiting[kind]:
            self._write(kind)
        for start, length in self._pages[kind]:
            self._file.seek(start)
            for line in self._file.read(length).split(b"\n"):
                yield Finding.model_validate_json(line)

    def count(self, kind: Kind, is_open: bool) -> int:
        """How many of one kind are open, or noted."""
        return self._counted[kind, is_open]

    def rows(self, kind: Kind) -> int:
        """How many findings of one kind there are, whatever each counts."""
        return self._rows[kind]

    def add(self, findings: Iterable[Finding]) -> None:
        """Add findings of any kinds."""
        for finding in findings:
            self.add_line(finding.kind, finding.is_open, finding.model_dump_json().encode(), finding.count)

    def add_line(self, kind: Kind, is_open: bool, line: bytes, count: int = 1) -> None:
        """Add one finding as a line of JSON, with its end or without."""
        waiting = self._waiting[kind]
        waiting.append(line.rstrip(b"\n"))
        self._counted[kind, is_open] += count
        self._rows[kind] += 1
        if len(waiting) == _AT_ONCE:
            self._write(kind)

    def _write(self, kind: Kind) -> None:
        page = b"\n".join(self._waiting[kind])
        self._waiting[kind].clear()
        self._file.seek(self._end)
        self._file.write(page)
        self._pages[kind].append((self._end, len(page)))
        self._end += len(page)
