"""Records that spill to a file when there are many."""

import tempfile
import weakref
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import eq
from typing import Generic, TypeVar

from pydantic import BaseModel

_PAGE_LINES = 1000
_IN_MEMORY = 4 * 2**20
Kept = TypeVar("Kept", bound=BaseModel)


class Spool(Generic[Kept]):
    """Records of one model, by group, in the order of adding.

    From 4 MB on they stand in a temporary file, which goes with this object. Each read makes the record anew.
    """

    def __init__(self, model: type[Kept], values: Iterable[Kept] = (), groups: Iterable[str] = ("",)) -> None:
        """Add `values` to the first group; `add_line` fills the others."""
        self._model = model
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the finalizer closes it
        weakref.finalize(self, self._file.close)
        self._end = 0
        self._pages: dict[str, list[tuple[int, int]]] = {group: [] for group in groups}
        self._waiting: dict[str, list[bytes]] = {group: [] for group in self._pages}
        self._counts = dict.fromkeys(self._pages, 0)
        first = next(iter(self._pages))
        for value in values:
            self.add_line(first, value.model_dump_json().encode())

    def __iter__(self) -> Iterator[Kept]:
        return map(self.read, self.lines())

    def __len__(self) -> int:
        return sum(self._counts.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spool) and len(self) == len(other) and all(map(eq, self.lines(), other.lines()))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{len(self)} rows of {self._model.__name__}"

    def rows(self, group: str) -> int:
        """Return how many records a group has."""
        return self._counts[group]

    def of(self, group: str) -> Iterator[Kept]:
        """Yield the records of one group."""
        return map(self.read, self._lines_of(group))

    def read(self, line: bytes) -> Kept:
        """Return the record of a line."""
        return self._model.model_validate_json(line)

    def lines(self) -> Iterator[bytes]:
        """Yield every record as a line, without the line's end."""
        return chain.from_iterable(map(self._lines_of, self._pages))

    def add_line(self, group: str, line: bytes) -> None:
        """Add a line to a group, with or without its end: JSON, unless a subclass reads lines in another way."""
        self._waiting[group].append(line.rstrip(b"\n"))
        self._counts[group] += 1
        if len(self._waiting[group]) == _PAGE_LINES:
            self._write(group)

    def _lines_of(self, group: str) -> Iterator[bytes]:
        if self._waiting[group]:
            self._write(group)
        for start, length in self._pages[group]:
            self._file.seek(start)  # another reader may have moved it
            yield from self._file.read(length).split(b"\n")

    def _write(self, group: str) -> None:
        page = b"\n".join(self._waiting[group])
        self._waiting[group].clear()
        self._file.seek(self._end)
        self._file.write(page)
        self._pages[group].append((self._end, len(page)))
        self._end += len(page)
