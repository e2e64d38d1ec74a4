"""Progress of a long phase: the callback that reports it, and the bar that shows it."""

from collections.abc import Callable

from tqdm import tqdm

Progress = Callable[[str, int, int], None]
"""A callback with a phase's name, the number of finished items, and their total."""


class ProgressBar:
    """A bar with count, total, rate and time left, for a phase that takes over two seconds."""

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Show `done` of `total` items in `phase`."""
        if self._bar is None or self._bar.desc != f"{phase}: ":
            self._bar = tqdm(total=total, desc=phase, delay=2, leave=False)
        self._bar.update(done - self._bar.n)
        if done >= total:
            self._bar.close()
            self._bar = None


progress = ProgressBar()
