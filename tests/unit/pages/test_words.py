"""The templates of the pages, and values that look like parts of a template."""

from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace

import jinja2
import pytest

from toolkit.catalog.kinds import KINDS
from toolkit.diagnosis.cause import Cause
from toolkit.pages import words
from toolkit.settings import DiagnoseSettings

COPIED = datetime(2026, 11, 20, tzinfo=UTC)


def since(kind: str) -> list[str]:
    """Return the lines of a template whose line begins with a value, here `kind`."""
    rows = ((kind, COPIED, COPIED),)
    return words.lines(
        "since", {"cause": Cause(dict.fromkeys(KINDS, 0), 0, 0, 0, None, None, None, rows, *[False] * 3)}
    )


@pytest.mark.parametrize("template", words._TEMPLATES.list_templates())
def test_template_can_be_read(template: str) -> None:
    assert words._TEMPLATES.get_template(template)


@pytest.mark.parametrize("name", ["- a", "? a", " a", "a\n- b", "a\n? b", "{{ cause }}", "{% if %}", "a\u2028b", "<b>"])
def test_name_stands_as_it_is_whatever_it_looks_like(name: str) -> None:
    assert since(name) == [f"{name}: rows made at 2026-11-20 00:00:00 UTC."]


def test_line_that_begins_with_no_mark_continues_the_line_before() -> None:
    answers = {"": words.lines("deploying", {})}
    assert list(answers) == [""]
    assert len(answers[""]) == 6
    assert answers[""][0] == "In the server's environment, in a clone of the toolkit's repository: `pip install .`"


def test_fact_that_is_missing_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError, match="cause"):
        words.lines("cause", {})


@pytest.mark.parametrize(
    ("asked", "headline", "tone"),
    [
        (0, "The tables are right. The server was not asked.", "not asked"),
        (3, "It holds, as far as the server was asked: for 3 of 5 agents.", "not asked"),
        (5, "It holds. Users reach their agents.", "proven"),
    ],
)
def test_only_a_server_that_was_asked_for_every_agent_proves_it(asked: int, headline: str, tone: str) -> None:
    facts: dict[str, object] = {"settings": DiagnoseSettings(), "report": SimpleNamespace(users="asked")}
    facts |= {
        "diagnosis": SimpleNamespace(agents=5, open=0, noted=0, unknown=(), unread=()),
        "asked": asked,
        "troubles": Counter(),
        "is_old": False,
        "silence": "",
        "unasked": [],
    }
    facts |= {"unopened": 0, "lost": 0, "failed": 0, "passed": 6, "skipped": 1, "verify_command": ""}
    said = words.answers("verification", facts, "head")
    assert (said[""], said["Tone"]) == ([headline], [tone])


@pytest.mark.parametrize(
    ("troubles", "token", "next_step"),
    [
        ({"not reachable": 5}, "", "Start the server, or correct --api-url. Then ask again:"),
        ({"token refused": 5}, "env:A", "Renew the user's token. Then ask again:"),
        ({"token refused": 5}, "", "The server wants a token. Put an ordinary user's into USER_JWT, and ask again:"),
        ({"hidden": 5}, "", "See what is wrong:"),
    ],
)
def test_a_verification_that_got_no_answer_says_what_to_correct_and_to_ask_again(
    troubles: dict[str, int], token: str, next_step: str
) -> None:
    facts: dict[str, object] = {
        "settings": DiagnoseSettings(api_token=token),
        "report": SimpleNamespace(users="unreachable"),
    }
    facts |= {
        "diagnosis": SimpleNamespace(agents=5, open=0, noted=0, unknown=(), unread=()),
        "asked": 5,
        "troubles": Counter(troubles),
    }
    facts |= {"silence": "", "unasked": []}
    facts |= {"unopened": 0, "lost": 0, "failed": 1, "passed": 6, "skipped": 0, "verify_command": "x", "is_old": False}
    assert words.answers("verification", facts, "head")["Next"][0] == next_step
