"""Hostile names, owners and messages in every medium: each shows the name, and none obeys it."""

import csv
import io
import json
import logging
import re
from contextlib import redirect_stdout
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID
from xml.etree import ElementTree

import mistune
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.hostile_names import PARTS, acts, is_command
from toolkit import escaping
from toolkit.diagnosis.verification import Check
from toolkit.errors import ParameterError
from toolkit.notebooks import terminal
from toolkit.pages import ci, html, words
from toolkit.pages.report import Report, write_table
from toolkit.sync import startup
from toolkit.sync.summary import Refusal, nothing_done

AGENT = "a0000000-0000-4000-a000-000000000001"

names = st.lists(st.sampled_from(PARTS) | st.text(max_size=3), min_size=1, max_size=6).map("".join)

quickly = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def reported(text: str) -> Report:
    checks = (Check(name=f"http {text}", passed=False, detail=text), Check(name="b", passed=None, detail=text))
    return Report(
        notebook="verify", verdict="broken", exit_status=1, scope="all", message=text, checks=checks, read=(text,)
    )


class Reader(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


@given(names)
@example("\ud800\udc60`")
@quickly
def test_nothing_that_is_printed_or_logged_is_obeyed(name: str) -> None:
    report, folder = reported(name.encode(errors="replace").decode()), Path("reports") / name.replace("/", "")[:40]
    with redirect_stdout(io.StringIO()) as shown:
        styled = terminal.shown(report, folder, folder, "quick")
        print(styled.removeprefix("\x1b[31m\x1b[1m").replace("\x1b[0m: ", ": ", 1))
    refused = Refusal.model_construct(agent_id=UUID(AGENT), name=name, reason=name)
    handler = logging.StreamHandler(logged := io.StringIO())
    startup.log.addHandler(handler)
    startup._log_refusals({**nothing_done(), "conflicts": [refused]})
    startup.log.removeHandler(handler)
    printed = [*shown.getvalue().splitlines(), repr(report), *logged.getvalue().splitlines()]
    assert len(printed) == 6, "the verdict, its check, a database, the folder; the report; a refusal"
    for line in (*printed, str(ParameterError(name))):
        assert acts(line) == []
    assert not any(map(is_command, printed))


@given(names)
@quickly
def test_json_on_a_line_means_the_same_and_is_no_command(name: str) -> None:
    text = json.dumps({"message": name}, ensure_ascii=False)
    line = escaping.json_line(text)
    assert json.loads(line) == json.loads(text)
    assert line.isascii()
    assert not is_command(line)


@given(names)
@example("a ` b")
@quickly
def test_a_page_shows_a_name_and_takes_no_mark_of_it_for_its_own(name: str) -> None:
    facts = {"settings": SimpleNamespace(is_practice=True, api_url=""), "cause": SimpleNamespace(deploy_first=True)}
    facts |= {"diagnosis": SimpleNamespace(open=1), "exposed": (), "held": [name], "report": SimpleNamespace(users="")}
    conflict = SimpleNamespace(agent_name=name, agent_id=AGENT)
    facts |= {"conflict": conflict, "counts": {"conflict": 1}, "conflict_query": "SELECT 1", "verify_command": "verify"}
    facts |= {"on_bare_rows": {}, "telling": name, "is_left_over": False, "repairs": (), "unfinished": ()}
    facts["cause"].copies = 0
    facts["cause"].makes_copies, facts["command"] = True, lambda command: f"toolkit {command}"
    steps = re.sub("</?span[^>]*>", "", html.steps(words.answers("diagnosis", facts, "steps")[""]).data)
    for code in ("toolkit sync", "SELECT 1", f"--allow conflict:{AGENT}", "toolkit repair", "verify"):
        assert re.search(f"<code[^>]*>{code}", steps)
    pieces = [
        html.head("proven", name, [name, name], {name: [name, name]}, [name, name], [name]),
        html.shown([{"agent": name}], name, 20).data,
        html.answers({name: [name]}, {name: [name]}).data,
        html.command(name, name).data,
        html.titled(name, html.folded(name, html.paragraphs([name]), name)).data,
    ]
    for piece in (steps, *pieces):
        assert acts(piece.replace("\n", "")) == []
        page = read(piece)
        assert escaping.visible(name) in page.text
        assert "script" not in page.tags
    assert "code" not in read("".join(pieces)).tags


@given(names)
@quickly
def test_junit_is_well_formed_and_holds_the_message(name: str) -> None:
    suite = ElementTree.fromstring(ci.junit(reported(name.encode(errors="replace").decode())))
    (failure,) = [each for each in suite.iter("failure") if each.get("message", "").startswith("broken: ")]
    assert failure.get("message") == f"broken: {escaping.visible(name)}"


@given(names)
@example("1. a")
@example("- a")
@quickly
def test_markdown_shows_a_message_as_text_alone(name: str) -> None:
    render = mistune.create_markdown(plugins=["table", "strikethrough", "url", "math"])
    page = read(render(ci.markdown(reported(name))))
    assert set(page.tags) <= {"h2", "p", "table", "thead", "tbody", "tr", "th", "td"}
    assert acts(page.text.replace("\n", "")) == []
    said = "".join(page.text.split())
    assert said.count("".join(escaping.visible(name).split())) >= 4, "the message, two details, one check's name"


@given(names, st.sampled_from(["=", "+", "-", "@", "\t", "\r", ""]))
@quickly
def test_no_cell_of_a_csv_is_a_formula_and_every_reader_has_the_ids(tmp_path: Path, name: str, first: str) -> None:
    file, row = tmp_path / "table.csv", (AGENT, "0" * 32, first + name, 3, None)
    write_table(file, ("id", "old_id", "name", "count", "none"), [row])
    with file.open(encoding="utf-8", newline="") as opened:
        _, cells = csv.reader(opened)
    assert cells[:2] == [AGENT, "0" * 32]
    assert cells[3:] == ["3", ""]
    assert cells[2].removeprefix("'") == escaping.visible(first + name).removeprefix("'")
    assert cells[2][:1] not in tuple("=+-@\t\r")
    assert file.read_bytes().count(b"\n") == 2, "a line for each row, for grep and wc"


@pytest.mark.parametrize("secret", ["p", "ab", "a&b", "é"])
def test_a_short_secret_masks_no_letter_of_a_message_but_stands_in_no_url(secret: str) -> None:
    secrets = escaping.spellings({secret, ""})
    message = f"password authentication failed for user 'papabé' ({secret})"
    assert escaping.masked(message, secrets) == message
    for said in (f"postgresql://u:{secret}@db/x", f"password={secret} host=db", f"password='{secret}'"):
        assert f":{secret}@" not in escaping.masked(said, secrets)
        assert f"={secret}" not in escaping.masked(said, secrets)
        assert f"'{secret}'" not in escaping.masked(said, secrets)


def test_a_secret_of_four_characters_is_masked_wherever_it_stands() -> None:
    assert escaping.masked("of pÄs\u202e and p%C3%84s%E2%80%AE", escaping.spellings(["pÄs\u202e"])) == "of *** and ***"
    assert escaping.masked(str(ParameterError("got pÄs\u202e")), escaping.spellings(["pÄs\u202e"])).startswith(
        "got ***"
    )
