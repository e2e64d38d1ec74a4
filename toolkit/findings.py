"""Where do a million findings fit?"""

import tempfile
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator

from toolkit.records import KINDS, Finding, Kind

_AT_ONCE = 1000
_IN_MEMORY = 16 * 2**20


class Findings:
    """Findings, kind by kind; from some megabytes on in a file that goes with this object.

    What is read from them is made when asked for, so iterate rather than collect.
    """

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)
        weakref.finalize(self, self._file.close)
        self._end = 0
        self._pages: dict[Kind, list[tuple[int, int]]] = {kind: [] for kind in KINDS}
        self._counted: Counter[tuple[Kind, bool]] = Counter()
        self._rows: Counter[Kind] = Counter()
        self.add(findings)

    def __iter__(self) -> Iterator[Finding]:
        """All findings, by kind, and of each kind in the order they were added."""
        for kind in KINDS:
            yield from self.of(kind)

    def of(self, kind: Kind) -> Iterator[Finding]:
        """The findings of one kind, in the order they were added."""
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
        of_kind: dict[Kind, list[Finding]] = {}
        for finding in findings:
            of_kind.setdefault(finding.kind, []).append(finding)
            self._counted[finding.kind, finding.is_open] += finding.count
            self._rows[finding.kind] += 1
        for kind, found in of_kind.items():
            for start in range(0, len(found), _AT_ONCE):
                self._write(kind, "\n".join(each.model_dump_json() for each in found[start : start + _AT_ONCE]))

    def add_page(self, kind: Kind, lines: str, opened: int, noted: int) -> None:
        """Add findings of one kind that stand one to a line, as JSON, of which each counts once."""
        self._counted[kind, True] += opened
        self._counted[kind, False] += noted
        self._rows[kind] += opened + noted
        self._write(kind, lines)

    def _write(self, kind: Kind, lines: str) -> None:
        page = lines.encode()
        self._file.seek(self._end)
        self._file.write(page)
        self._pages[kind].append((self._end, len(page)))
        self._end += len(page)
