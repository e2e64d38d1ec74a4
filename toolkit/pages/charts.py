"""Charts of a diagnosis: round trip, timeline, organizations."""

import io
import logging
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, get_args

from toolkit.catalog.kinds import COPIES, UNREACHED, Kind, LostAt, such
from toolkit.diagnosis.findings import Diagnosis, Finding
from toolkit.escaping import visible
from toolkit.pages.html import BLUE, VERMILION, Image
from toolkit.repair.plan import merged

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FONT = "DejaVu Sans"
"""The font that matplotlib brings along."""

_LONGEST_NAME = 30


@contextmanager
def _our_style() -> Iterator[None]:
    """Draw in our own style, whatever a matplotlibrc says; leave no setting behind, and no warning on the page."""
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import matplotlib  # half a second, for those only who see a picture

            with matplotlib.rc_context():
                matplotlib.rcdefaults()
                matplotlib.rcParams["font.family"] = _FONT
                matplotlib.rcParams["text.parse_math"] = False
                yield
    finally:
        log.setLevel(level)


@_our_style()
def round_trip(diagnosis: Diagnosis) -> Image:
    """Draw the way of the agents' ids from Supabase to the front end, and where they fall out."""
    passed = stations(diagnosis)
    total = max(diagnosis.agents, 1)
    figure, axes = _drawing(3.1, "How many agents' ids arrive, as the tables say")
    for row, (_, arrived, lost) in enumerate(passed):
        whole = arrived == diagnosis.agents
        axes.barh(row, total, height=0.62, color="#e8e8e8")
        axes.barh(row, arrived, height=0.62, color=BLUE if whole else VERMILION)
        text = f"{arrived} of {diagnosis.agents}  " + ("✓" if whole else f"✗  {lost}")
        axes.text(
            total * 0.015, row, text, va="center", color="white" if arrived > total * 0.6 else "#111", fontsize=11
        )
        if row:
            axes.annotate(
                "",
                (-total * 0.012, row - 0.25),
                (-total * 0.012, row - 0.75),
                arrowprops={"arrowstyle": "->", "color": "#555"},
            )
    axes.set_yticks(range(len(passed)), [name for name, _, _ in passed], fontsize=11)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.set_xlim(-total * 0.03, total)
    axes.tick_params(length=0)
    alt = "Round trip: " + "; ".join(
        f"{name}: {arrived} of {diagnosis.agents} arrive {lost}".strip() for name, arrived, lost in passed
    )
    return _picture(figure, alt)


@_our_style()
def timeline(diagnosis: Diagnosis) -> Image | None:
    """Draw when the copies appeared; None where there are none.

    Every restart of the broken server adds a row for each agent.
    """
    since = sorted(
        datetime.fromisoformat(finding.evidence["since"]).astimezone(UTC)
        for kind in COPIES
        for finding in diagnosis.of(kind)
    )
    if not since:
        return None
    from matplotlib.dates import AutoDateLocator, DateFormatter, date2num

    figure, axes = _drawing(2.4, "When assistants with wrong ids appeared: a restart adds one of every agent")
    axes.spines[["left", "bottom"]].set_visible(True)
    numbers = range(1, len(since) + 1)
    axes.step(date2num(since), numbers, where="post", color=VERMILION, linewidth=2)
    axes.set_ylim(0)
    axes.set_ylabel("assistants", fontsize=11)
    within_a_day = since[-1] - since[0] < timedelta(days=1)
    axes.xaxis.set_major_locator(AutoDateLocator(UTC, maxticks=6))
    axes.xaxis.set_major_formatter(DateFormatter("%H:%M:%S" if within_a_day else "%Y-%m-%d", tz=UTC))
    axes.set_xlabel(f"{since[0]:%Y-%m-%d}, UTC" if within_a_day else "UTC", fontsize=11)
    first, last = (f"{time:%Y-%m-%d %H:%M:%S}" for time in (since[0], since[-1]))
    alt = f"Timeline: {len(since)} assistants with wrong ids appeared from {first} to {last} UTC"
    return _picture(figure, alt)


@_our_style()
def bars(counts: Mapping[str, int], names: Mapping[str, str], total: int) -> Image | None:
    """Draw how many agents of each organization cannot be reached; None where there are none.

    Args:
        counts: agents by organization's id, the most first; only the first few are drawn.
        names: names by organization's id. The font may not draw one: then the picture has the id alone.
        total: how many organizations there are.
    """
    if not counts:
        return None
    more = f" (the {len(counts)} with most, of {total})" if total > len(counts) else ""
    figure, axes = _drawing(0.5 + 0.55 * len(counts), f"Agents that cannot be reached, by organization{more}")
    shortened = {id: _shortened(names.get(id) or "") for id in counts}
    for row, (id, count) in enumerate(counts.items()):
        axes.barh(row, count, height=0.4, color=VERMILION)
        named = _titled(shortened[id] if _is_drawn(shortened[id]) else "", id)
        axes.text(0, row - 0.24, f"{named}: {count}", va="bottom", fontsize=10).set_in_layout(False)
    axes.set_ylim(len(counts) - 0.7, -0.75)
    axes.set_xticks([])
    axes.set_yticks([])
    alt = "By organization: " + "; ".join(f"{_titled(shortened[id], id)}: {count}" for id, count in counts.items())
    return _picture(figure, alt)


def _titled(name: str, id: str) -> str:
    return f"{name} ({id})" if name else id


def _shortened(name: str) -> str:
    shown = visible(name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"


def _is_drawn(name: str) -> bool:
    """Return whether the font has every letter, and none runs from right to left, which matplotlib cannot set."""
    from matplotlib.font_manager import findfont, get_font

    known = get_font(findfont(_FONT)).get_charmap()
    return all(ord(letter) in known and unicodedata.bidirectional(letter) not in ("R", "AL") for letter in name)


def _drawing(height: float, title: str) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, height), dpi=110, layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, fontsize=12, loc="left")
    axes.spines[:].set_visible(False)
    return figure, axes


def _picture(figure: "Figure", alt: str) -> Image:
    """Return a figure as a PNG that survives papermill, HTML and an untrusted notebook.

    `alt` is the text for people who cannot see it.
    """
    content = io.BytesIO()
    figure.savefig(content, format="png", metadata={"Software": None})
    return Image(data=content.getvalue(), alt=alt)


class Station(NamedTuple):
    """One station of the round trip."""

    name: str
    arrived: int
    lost: str
    """Which kinds keep the others away, with their figures."""


def fallen(diagnosis: Diagnosis, *kinds: Kind) -> Iterator[Finding]:
    """Yield one finding of each agent that has any of these kinds, by the agents' ids, without collecting them."""
    found = (filter(_agent_id, diagnosis.of(kind)) for kind in kinds)
    for _, rows in merged(*found, key=_agent_id):
        yield rows[0]


def _agent_id(finding: Finding) -> str:
    return finding.agent_id or ""


def stations(diagnosis: Diagnosis) -> tuple[Station, ...]:
    """Return how many agents arrive at every station, in the order of the round trip."""
    total = diagnosis.agents

    def station(name: LostAt) -> Station:
        lost = such(lambda row: row.lost_at and name in (row.lost_at, "GET /assistants/{id}"))
        listed = ", ".join(f"{kind} {found}" for kind in lost if (found := diagnosis.findings.rows(kind)))
        return Station(name, total - sum(1 for _ in fallen(diagnosis, *lost)), listed)

    unreadable = sum("problem" in row.evidence for kind in UNREACHED for row in diagnosis.of(kind))
    return (
        Station("agent in Supabase", total, ""),
        Station("sync's payload", total - unreadable, f"content no JSON can hold {unreadable}" if unreadable else ""),
        *map(station, get_args(LostAt)),
    )
