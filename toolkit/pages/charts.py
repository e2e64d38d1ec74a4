"""Pictures of a diagnosis: round trip, timeline."""

import io
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from toolkit import phrases
from toolkit.catalog.kinds import COPIES, LOST, Kind, such
from toolkit.diagnosis.findings import Diagnosis
from toolkit.diagnosis.verification import Check, silence, troubles
from toolkit.pages.agents import by_agent
from toolkit.pages.html import BLUE, GREEN, GREY, VERMILION, Image

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 560
"""Of a picture, in the pixels of a usual screen."""

_SHORTEST = timedelta(seconds=10)
"""Time that a timeline shows at least."""

_MOST_AFTER = 10
"""How many times as long as the copies' the time after them may be drawn: else nobody would see their steps."""

_OURS = {"font.family": "DejaVu Sans", "svg.fonttype": "none", "svg.hashsalt": "toolkit"}
"""The font that matplotlib brings along; text that stays text; the same picture is the same file."""


@contextmanager
def _our_style() -> Iterator[None]:
    """Draw in our own style, whatever a matplotlibrc says; leave no setting behind, and no warning on the page."""
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings(action="ignore"):
            import matplotlib  # half a second, for those only who see a picture

            with matplotlib.rc_context():
                matplotlib.rcdefaults()
                matplotlib.rcParams.update(_OURS)  # type: ignore[arg-type] # knows its keys one by one
                yield
    finally:
        log.setLevel(level)


@_our_style()
def round_trip(diagnosis: Diagnosis, checks: Sequence[Check] = ()) -> Image:
    """Draw how many agents users reach, and where the others get lost."""
    passed = stations(diagnosis, checks)
    total = max(diagnosis.agents, 1)
    figure, axes = _drawing(1.9)
    for row, (_, arrived, colour, note, proven) in enumerate(passed):
        axes.barh(row, total, height=0.62, color="#e8e8e8")
        axes.barh(row, arrived, height=0.62, color=colour)
        axes.barh(row, proven, height=0.62, color=GREEN)
        ink = "white" if arrived > total * 0.6 else "#111111"
        said = axes.text(
            total * 0.015, row, f"{arrived:,} of {diagnosis.agents:,}  {note}", va="center", color=ink, wrap=True
        )
        said.set_in_layout(False)  # a long text takes two lines, and no room from the bars
    axes.set_yticks(range(len(passed)), [station.name for station in passed])
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.set_xlim(0, total)
    axes.tick_params(length=0)
    told = (f"{name}: {arrived} of {diagnosis.agents} {note}".strip() for name, arrived, _, note, _ in passed)
    return _picture(figure, f"Round trip: {'; '.join(told)}")


@_our_style()
def timeline(diagnosis: Diagnosis, now: datetime) -> Image | None:
    """Draw when the copies appeared, and where now is; None where there are none.

    Every restart of the broken server adds a row for each agent.
    """
    since = sorted(
        datetime.fromisoformat(finding.evidence["since"]).astimezone(UTC)
        for kind in COPIES
        for finding in diagnosis.of(kind)
    )
    if not since:
        return None
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

    figure, axes = _drawing(1.7)
    axes.spines[["left", "bottom"]].set_visible(True)
    lasted, passed = since[-1] - since[0], now - since[-1]
    is_near = passed < lasted * _MOST_AFTER
    end = max(now, since[-1]) if is_near else since[-1] + max(lasted, _SHORTEST) / 10
    numbers = [*range(len(since) + 1), len(since)]
    axes.step(date2num([since[0], *since, end]), numbers, where="post", color=VERMILION, linewidth=2)
    axes.set_ylim(0)
    if lasted < _SHORTEST:  # ticks of whole seconds
        axes.set_xlim(*date2num([since[0] - (_SHORTEST - lasted) / 2, since[-1] + (_SHORTEST - lasted) / 2]))
    if is_near:
        today = float(date2num(now))
        axes.axvline(today, color=GREY, linestyle="--")
        axes.text(today, 0.05, "now ", transform=axes.get_xaxis_transform(), ha="right", color=GREY)
    else:
        late = f"now: {phrases.elapsed(passed)} later →"
        axes.text(1, 0.05, late, transform=axes.transAxes, ha="right", color=GREY)
    axes.set_ylabel("wrong assistants")
    locator = AutoDateLocator(UTC, maxticks=6)
    axes.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(locator, tz=UTC)
    formatter.formats[5] = formatter.zero_formats[5] = "%H:%M:%S"
    formatter.offset_formats[5] = "%Y-%b-%d"
    axes.xaxis.set_major_formatter(formatter)
    axes.set_xlabel("UTC")
    first, last = (f"{time:%Y-%m-%d %H:%M:%S}" for time in (since[0], since[-1]))
    alt = f"Timeline: {len(since)} assistants with wrong ids appeared from {first} to {last} UTC"
    alt += f"; now is {phrases.elapsed(passed)} later" if passed > timedelta() else ""
    return _picture(figure, alt)


def _drawing(height: float) -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH / 100, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[:].set_visible(False)
    return figure, axes


def _picture(figure: "Figure", alt: str) -> Image:
    """Return a figure as SVG, whose text stays text, and as PNG that survives papermill and an untrusted notebook."""
    svg, png = io.StringIO(), io.BytesIO()
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", dpi=200, metadata={"Software": None})
    return Image(svg=svg.getvalue(), png=png.getvalue(), alt=alt, width=_WIDTH)


class Station(NamedTuple):
    """One station of the round trip."""

    name: str
    arrived: int
    colour: str
    note: str
    """A mark, and which kinds keep the others away, with their figures."""
    proven: int = 0
    """Of those that arrived, the ones that the server was asked for."""


def stations(diagnosis: Diagnosis, checks: Sequence[Check] = ()) -> tuple[Station, ...]:
    """Return how many agents arrive at every station: in Supabase, under their ids, before their users."""
    total, causes, asked = diagnosis.agents, troubles(checks), sum(check.asked for check in checks)

    def station(name: str, lost: Sequence[Kind], unseen: Mapping[str, int], whole: tuple[str, str]) -> Station:
        listed = {str(kind): found for kind in lost if (found := diagnosis.findings.rows(kind))} | dict(unseen)
        arrived = total - sum(1 for _ in by_agent(diagnosis, lost)) - sum(unseen.values())
        note = ", ".join(f"{kind} {found:,}" for kind, found in listed.items())
        return Station(name, max(arrived, 0), *((VERMILION, f"✗  {note}") if listed else whole))

    # `not there` is lost by the tables, too; who gets old content is reached
    unseen = {str(cause): count for cause, count in causes.items() if cause not in ("not there", "old content")}
    stored = such(lambda row: row.lost_at == "stored under that id")
    shown = (GREEN, "✓  asked as a user") if asked else (GREY, "as the tables say; not asked")
    users = "no answer" if silence(checks) else "asked" if asked else "not asked"
    last = station(f"visible to users ({users})", LOST, unseen, shown)
    if 0 < asked < total and last.colour == GREEN:
        last = last._replace(colour=GREY, note=f"{asked:,} asked; the others not asked", proven=asked)
    return (
        Station("agents in Supabase", total, BLUE, ""),
        station("assistant under the agent's id", stored, {}, (BLUE, "✓")),
        last,
    )
