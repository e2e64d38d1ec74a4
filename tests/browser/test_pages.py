"""The pages in a browser, on a desktop and on a phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Browser
from toolkit.notebooks import runner
from toolkit.settings import DiagnoseSettings

_BROKEN_WORDS = """[...document.querySelectorAll('thead th, td[data-label]')].flatMap(
cell => [...cell.childNodes].flatMap(text =>
    [...text.data.matchAll(/[a-z_]{2,20}/gi)].filter(word => {
        const range = document.createRange()
        range.setStart(text, word.index)
        range.setEnd(text, word.index + word[0].length)
        return range.getClientRects().length > 1
    }).map(word => word[0])))
"""
"""The words of tables that stand in two lines."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Make the page of a damaged database, once."""
    made: list[Path] = []

    def diagnose() -> Path:
        if not made:
            folder = runner.run(
                DiagnoseSettings(supabase="sandbox:broken@browser"),
                tmp_path_factory.mktemp("reports"),
                120,
                progress_bar=False,
            )[1]
            made.append(folder / "diagnose.html")
        return made[0]

    return diagnose


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)], ids=["desktop", "phone"])
def test_the_page_shows_verdict_pictures_and_answers_without_a_network(
    width: int, height: int, browser: Browser, page: Callable[[], Path], tmp_path: Path
) -> None:
    browser.open(page().as_uri(), width, height)
    browser.driver.save_screenshot(str(tmp_path / "page.png"))
    verdict = browser.driver.find_element("css selector", "[role=status]")
    assert "✗ MISMATCHED\nNo user reaches any of the 5 agents." in verdict.text
    assert re.search(
        r"\nSince\n2026-\d\d-\d\d \d\d:\d\d UTC\n.* ago\nthe next restart adds more copies\n", verdict.text
    )
    assert "Reachable\n0 of 5\n" in verdict.text
    assert browser.script("document.title").startswith("✗ 0 of 5 agents · sandbox:broken@browser · ")
    assert (
        "assistant-toolkit diagnose --supabase sandbox:broken@browser"
        in verdict.find_element("css selector", "pre").text
    )
    assert verdict.rect["y"] + verdict.rect["height"] <= height, "headline, figures and command are seen at once"
    assert verdict.rect["width"] > min(width, 890) * 0.9, "no gutters: the width is for what is said"
    assert browser.script("[...document.images].length") == 2
    assert browser.script(
        "[...document.images].every(each => each.naturalWidth > 0 && each.getBoundingClientRect().right <= innerWidth)"
    )
    assert browser.script("[...document.images].every(each => each.alt.length > 20)")
    assert browser.script("document.documentElement.scrollWidth <= innerWidth"), "nobody has to scroll sideways"
    if width > 600:
        assert browser.script("document.documentElement.scrollHeight") <= 2500
    assert browser.said() == ([], [])
    browser.script("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert browser.script("document.documentElement.scrollWidth <= innerWidth"), "nor for what was folded"
    if width > 600:
        assert browser.script(_BROKEN_WORDS) == []


def test_the_page_is_one_file_that_asks_for_nothing(page: Callable[[], Path]) -> None:
    text = page().read_text(encoding="utf-8")
    assert page().stat().st_size <= 3_000_000
    assert not re.search(r"""<script|<link|@import|(?:src|href)=["'](?!data:|#)""", text)
