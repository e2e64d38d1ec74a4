"""Progress of a long phase: what is told, and the bar that shows it."""

from collections.abc import Callable

from tqdm import tqdm

Progress = Callable[[str, int, int], None]
"""Called with a phase's name, how much of it is done, and how much there is."""


class ProgressBar:
    """Shows how far a phase is, once it has taken two seconds: done, in all, a second, and the time left."""

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Say that `done` of `total` are done in `phase`."""
        if self._bar is None or self._bar.desc != f"{phase}: ":
            self._bar = tqdm(total=total, desc=phase, delay=2, leave=False)
        self._bar.update(done - self._bar.n)
        if done >= total:
            self._bar.close()
            self._bar = None


progress = ProgressBar()
