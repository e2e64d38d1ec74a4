"""The pictures: any name, any times, and any settings of the user's matplotlib."""

import struct
import warnings
from datetime import UTC, datetime, timedelta

import matplotlib
import pytest

from toolkit.catalog.kinds import Kind
from toolkit.database.spool import Spool
from toolkit.diagnosis.findings import Diagnosis, Finding, Findings, Reference
from toolkit.pages import charts
from toolkit.pages.html import Image
from toolkit.scope import Scope

ORGANIZATION = "0f000000-0000-4000-8000-000000000001"
START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

HOSTILE_SETTINGS = {
    "text.usetex": True,
    "figure.facecolor": "black",
    "text.color": "white",
    "font.family": ["No Such Font"],
    "font.size": 40,
    "savefig.transparent": True,
    "savefig.bbox": "tight",
    "timezone": "Asia/Kathmandu",
    "axes.formatter.use_locale": True,
}


def diagnosis(*since: datetime) -> Diagnosis:
    """Make the diagnosis of an agent with copies of these times."""
    kind: Kind = "duplicate"
    findings = Findings()
    findings.add(
        Finding(
            kind=kind,
            is_open=True,
            evidence={"since": each.isoformat()},
            agent_id=ORGANIZATION,
            agent_name="$a",
            organization_id=ORGANIZATION,
            assistant_id=f"{number:032}",
        )
        for number, each in enumerate(since)
    )
    return Diagnosis(Scope(organizations=None), 1, 1, findings, Spool(Reference, []), (), "", "")


def size(image: Image) -> tuple[int, int]:
    """Return the width and height that a PNG names in its head."""
    return struct.unpack(">II", image.data[16:24])


def bars(*names: str) -> Image:
    ids = [f"0f000000-0000-4000-8000-{number:012}" for number, _ in enumerate(names)]
    drawn = charts.bars(dict.fromkeys(ids, 3), dict(zip(ids, names, strict=True)), len(ids))
    assert drawn is not None
    return drawn


def test_a_name_is_drawn_as_it_is_and_never_makes_the_picture_larger(capfd: pytest.CaptureFixture[str]) -> None:
    names = ["Ca$$h GmbH", "$", r"a $\frac{$", "a\nb\r\x1b[31m", "\u202eb", "W" * 5000, "`"]
    drawn, nameless = bars(*names), bars(*[""] * len(names))
    assert size(drawn) == size(nameless)
    assert drawn.data != nameless.data
    assert "By organization: Ca$$h GmbH (" in drawn.alt
    assert len(drawn.alt) < 100 * len(names)
    assert drawn.alt.isprintable()
    assert capfd.readouterr() == ("", "")


def test_an_id_stands_for_a_name_that_the_font_cannot_show_and_the_text_beside_has_the_name(
    capfd: pytest.CaptureFixture[str],
) -> None:
    names = ["日本語", "🎉 Feier", "GmbH \U0001f9ff", "שלום", "مرحبا"]
    drawn = bars(*names)
    assert drawn.data == bars(*[""] * len(names)).data
    assert all(name in drawn.alt for name in names)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("apart", [timedelta(), timedelta(microseconds=3), timedelta(days=90_000)])
def test_any_times_are_drawn_without_a_word_of_the_library(apart: timedelta, capfd: pytest.CaptureFixture[str]) -> None:
    assert charts.timeline(diagnosis(START, START - apart)) is not None
    assert capfd.readouterr() == ("", "")


def test_settings_of_the_users_change_no_picture_and_stay_as_they_are() -> None:
    found = diagnosis(START, START - timedelta(days=3))

    def pictures() -> list[bytes]:
        drawn = charts.round_trip(found), charts.timeline(found), bars("Ca$$h GmbH")
        return [each.data for each in drawn if each is not None]

    ours = pictures()
    with matplotlib.rc_context(HOSTILE_SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("always", "of the user")
        before = dict(matplotlib.rcParams), list(warnings.filters)
        assert pictures() == ours
        assert (dict(matplotlib.rcParams), list(warnings.filters)) == before
