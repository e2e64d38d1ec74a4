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


def looked(name: str, langgraph: str = "", **more: Any) -> DiagnosisPage:
    wanted = DiagnoseSettings(supabase=name, langgraph=langgraph, **more)
    with connected(*wanted.databases()) as pair:
        return DiagnosisPage(pair, wanted)


def proposed(name: str, **more: Any) -> RepairPage:
    wanted = RepairSettings(supabase=name, **more)
    with connected(*wanted.databases()) as pair:
        return RepairPage(pair, wanted)


def text_of(shown: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown.data)).split())


def answers(shown: Any) -> Iterator[tuple[str, str]]:
    for question, answer in re.findall(r"<th[^>]*>(.*?)</th><td[^>]*>(.*?)</td>", shown.data):
        yield html.unescape(question), " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer)).split())
