"""Where do a million records of one kind fit?"""

import tempfile
import weakref
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from toolkit.records import Record

_BLOCK = 1 << 16
_IN_MEMORY = 4 * 2**20

Kept = TypeVar("Kept", bound=Record)


class Rows(Generic[Kept]):
    """Records of one kind, in the order they were given; from some megabytes on in a file that goes with this object.

    What is read from them is made when asked for, so iterate rather than collect.
    """

    def __init__(self, kind: type[Kept], values: Iterable[Kept] = ()) -> None:
        self._kind = kind
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)
        weakref.finalize(self, self._file.close)
        self._count = 0
        for value in values:
            self._file.write(value.model_dump_json().encode() + b"\n")
            self._count += 1

    def __iter__(self) -> Iterator[Kept]:
        return map(self._kind.model_validate_json, self.lines())

    def lines(self) -> Iterator[bytes]:
        """Yield every record as a line of JSON, without its end."""
        position = 0
        while True:
            self._file.seek(position)  # several may read at once
            block = self._file.read(_BLOCK)
            if not block:
                return
            block += self._file.readline()
            position += len(block)
            yield from block.splitlines()

    def __len__(self) -> int:
        return self._count

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rows):
            return NotImplemented
        return len(self) == len(other) and all(mine == its for mine, its in zip(self.lines(), other.lines(), strict=True))

    def __repr__(self) -> str:
        return f"{len(self)} rows of {self._kind.__name__}"
