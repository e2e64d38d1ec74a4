"""The pages of a diagnosis and of a repair, read as text."""

import html
import re
from collections.abc import Iterator
from typing import Any

from tests.constants import AGENTS
from toolkit.database.connection import connected
from toolkit.pages.diagnosis import DiagnosisPage
from toolkit.pages.repair import RepairPage
from toolkit.settings import DiagnoseSettings, RepairSettings

FIRST, SECOND, THIRD, FOURTH, FIFTH = AGENTS

BARE = "1111111111111111111111111111111a"

_ANSWER = (
    r"<th[^>]*>(.*?)</th><td[^>]*>(.*?)</td>"  # shown
    r"|<details[^>]*><summary[^>]*><b>(.*?)</b>\s*</summary><div[^>]*>(.*?)</div></details>"  # opens at a click
)


def looked(name: str, langgraph: str = "", **more: Any) -> DiagnosisPage:
    wanted = DiagnoseSettings(supabase=name, langgraph=langgraph, **more)
    with connected(*wanted.databases()) as pair:
        return DiagnosisPage(pair, wanted)


def proposed(name: str, **more: Any) -> RepairPage:
    wanted = RepairSettings(supabase=name, **more)
    with connected(*wanted.databases()) as pair:
        return RepairPage(pair, wanted)


def text_of(shown: Any) -> str:
    return _text(shown if isinstance(shown, str) else shown.data)


def _text(markup: str) -> str:
    """Return what a reader sees, with the ids that a cell shows whole under the pointer."""
    whole = re.sub(r'<td[^>]* title="([^"]*)"[^>]*>[^<]*', r" \1 ", markup)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", whole)).split())


def answers(shown: Any) -> Iterator[tuple[str, str]]:
    for question, answer, folded, unfolded in re.findall(_ANSWER, shown.data):
        yield _text(question or folded), _text(answer or unfolded)
