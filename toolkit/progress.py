"""Progress of a long phase: the callback that reports it, and the bar that shows it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Never

if TYPE_CHECKING:
    from tqdm import tqdm

Progress = Callable[[str, int, int], None]
"""A callback with a phase's name, the number of finished items, and their total."""


class ProgressBar:
    """A bar with count, total, rate and time left, for a phase that takes over two seconds."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Show `done` of `total` items in `phase`."""
        from tqdm import tqdm

        bar = self._bar
        if bar is None or bar.desc != f"{phase}: ":
            bar = self._bar = tqdm(total=total, desc=phase, delay=2, leave=False)
        bar.update(done - bar.n)
        if done >= total:
            bar.close()
            self._bar = None


progress = ProgressBar()
