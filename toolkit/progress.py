"""Progress of a long phase: the callback that reports it, and the bar that shows it."""

from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING, Never

if TYPE_CHECKING:
    from tqdm import tqdm

Progress = Callable[[str, int, int], None]
"""A callback with a phase's name, the number of finished items, and their total."""

_bars: "dict[str, tqdm[Never]]" = {}
"""The bar of each phase that goes on."""


def progress(phase: str, done: int, total: int) -> None:
    """Show a bar with count, total, rate and time left, if the phase takes over two seconds."""
    from tqdm import tqdm

    if phase not in _bars:
        tqdm.set_lock(
            RLock()
        )  # its own is for processes: from Python 3.14 on, a killed kernel leaves it, with a warning
        _bars[phase] = tqdm(total=total, desc=phase, delay=2, leave=False)
    _bars[phase].update(done - _bars[phase].n)
    if done >= total:
        _bars.pop(phase).close()
