"""Progress of a long phase: what is told, and the bar that shows it."""

from collections.abc import Callable
from typing import Never

from tqdm import tqdm

Progress = Callable[[str, int, int], None]
"""Called with a phase's name, how much of it is done, and how much there is."""


class ProgressBar:
    """Shows how far a phase is, once it has taken two seconds: done, in all, a second, and the time left."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Say that `done` of `total` are done in `phase`."""
        bar = self._bar
        if bar is None or bar.desc != f"{phase}: ":
            bar = self._bar = tqdm(total=total, desc=phase, delay=2, leave=False)
        bar.update(done - bar.n)
        if done >= total:
            bar.close()
            self._bar = None


progress = ProgressBar()
