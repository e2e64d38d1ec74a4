"""Records that spill to a file when there are many."""

import os
import weakref
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import eq
from tempfile import SpooledTemporaryFile
from typing import Generic, TypeVar

from pydantic import BaseModel

_IN_MEMORY = 2**20
_PAGE = 2**16
Kept = TypeVar("Kept", bound=BaseModel)


class Spool(Generic[Kept]):
    """Records of one model, by group, in the order of adding.

    From 1 MB on those of a group stand in a temporary file, which goes with this object. Each read makes the record
    anew.
    """

    def __init__(self, model: type[Kept], values: Iterable[Kept] = (), groups: Iterable[str] = ("",)) -> None:
        """Add `values` to the first group; `add_line` fills the others."""
        self._model = model
        # the finalizers close them
        self._files = {group: SpooledTemporaryFile(_IN_MEMORY) for group in groups}  # noqa: SIM115
        self._counts = dict.fromkeys(self._files, 0)
        for file in self._files.values():
            weakref.finalize(self, file.close)
        for value in values:
            self.add_line(next(iter(self._files)), value.model_dump_json().encode())

    def __iter__(self) -> Iterator[Kept]:
        return map(self.read, self.lines())

    def __len__(self) -> int:
        return sum(self._counts.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spool) and len(self) == len(other) and all(map(eq, self.lines(), other.lines()))

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
        return chain.from_iterable(map(self._lines_of, self._files))

    def add_line(self, group: str, line: bytes) -> None:
        """Add a line to a group, with or without its end: JSON, unless a subclass reads lines in another way."""
        self._files[group].write(line.rstrip(b"\n") + b"\n")
        self._counts[group] += 1

    def _lines_of(self, group: str) -> Iterator[bytes]:
        file, start = self._files[group], 0
        while start < file.tell():  # it stands at its end, where the next line is added
            file.seek(start)
            page = file.readlines(_PAGE)
            start = file.tell()
            file.seek(0, os.SEEK_END)
            yield from (line[:-1] for line in page)
