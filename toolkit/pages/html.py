"""HTML pieces of a page: its head, tables, answers, commands.

The template `pieces.html.j2` has their form. It escapes whatever is filled in.
"""

import base64
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from toolkit import escaping, phrases
from toolkit.catalog.places import CATALOG
from toolkit.database.shapes import AGENTS, ASSISTANTS
from toolkit.diagnosis.findings import LINKS
from toolkit.pages.words import CODE, phrase
from toolkit.repair.plan import Changes


def _escaped(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup(escaping.html(str(value)))  # noqa: S704 # escaped by us


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    autoescape=True,
    finalize=_escaped,
)
_PIECES: Any = _TEMPLATES.get_template("pieces.html.j2", globals={"CODE": CODE}).module

BLUE, GREEN, GREY, VERMILION = "#0072B2", "#007A5A", "#666666", "#D55E00"

TONES = {
    "broken": (VERMILION, "✗"),
    "proven": (GREEN, "✓"),
    "information": (BLUE, "→"),
    "not asked": (GREY, "○"),
}
"""Colour and mark of a verdict. People with any colour vision tell them apart; a word says the same."""

_CONTENTS = {each.table.relation: each.table.contents for each in CATALOG}
_CONTENTS |= {ASSISTANTS: "assistants", AGENTS: "write-backs", "langgraph_server.threads": "threads"}
"""What a row of each table is called."""

_ID = re.compile(r"\b[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b")
_BLOCK = re.compile(r"</?(?:details|div|h2|li|pre|summary|tr)\b[^>]*>")
_LONG_WORD = 24
"""Longer words may break where there is no room."""


@dataclass(frozen=True)
class HTML:
    """A piece of a page. IPython's own class would take half a second to import."""

    data: str = field(repr=False)

    def _repr_html_(self) -> str:
        return self.data

    def __str__(self) -> str:
        """Return the text, for `print`: a line for each row or paragraph, and no id cut short."""
        whole = re.sub(r'(<td[^>]*) title="([^"]*)"[^>]*>[^<]*', r"\1>\2", self.data)
        lines = _BLOCK.split(re.sub(r"(?<=</t[dh]>)\s*(?=<t[dh])", " | ", whole))
        texts = (Markup(line).striptags().removesuffix(" |") for line in lines)  # noqa: S704 - for a terminal
        return "\n".join(escaping.terminal(text) for text in texts if text)


@dataclass(frozen=True)
class Image:
    """A picture as SVG, and as PNG for viewers that show no SVG, with a text for people who cannot see it."""

    svg: str = field(repr=False)
    png: bytes = field(repr=False)
    alt: str = field(repr=False)
    width: int = field(repr=False)
    """Of the PNG, in the pixels of a usual screen; it has twice as many."""

    def __str__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        data = {"image/svg+xml": self.svg, "image/png": base64.b64encode(self.png).decode()}
        return data, {"image/svg+xml": {"alt": self.alt}, "image/png": {"alt": self.alt, "width": self.width}}


def head(
    tone: str,
    word: str,
    lines: Sequence[str],
    tiles: Mapping[str, Sequence[str]] | None = None,
    command: Sequence[str] = (),
    source: Sequence[str] = (),
) -> str:
    """Return a verdict in words and colour, with its figures and the next command.

    Args:
        tone: one of `TONES`.
        word: the verdict's word.
        lines: the verdict in plain words, and what else must be known.
        tiles: figures by name, each with its notes.
        command: its caption, and the command to copy; empty: none.
        source: what was read, and when.
    """
    return str(_PIECES.head(*TONES[tone], word, lines, tiles or {}, command, source))


def shown(rows: Iterable[Mapping[str, Any]], title: str, total: int | None = None) -> HTML:
    """Show rows under a title, and say how many more there are.

    Args:
        rows: cells by column; None leaves a cell empty, and a column without any other cell is left out.
        title: text above the table.
        total: how many rows there are, where not all of them are shown.
    """
    listed = list(rows if total is None else islice(rows, phrases.fit(total)))
    if not listed:
        return HTML(str(_PIECES.paragraphs([f"{title} None."])))
    rest = (total or len(listed)) - len(listed)
    more = f"… and {rest:,} more, {total:,} in all." if rest > 0 else ""
    columns = dict.fromkeys(name for row in listed for name in row)
    filled = [name for name in columns if any(row.get(name) is not None for row in listed)]
    cells = [{name: _cell(name, row.get(name)) for name in filled} for row in listed]
    return HTML(str(_PIECES.table(filled, cells, title, more)))


def _cell(column: str, value: Any) -> tuple[str, str, str]:
    """Return a cell's text, the whole text where ids are cut short, and its style."""
    text = "" if value is None else phrases.moment(value) if isinstance(value, datetime) else str(value)
    # no command to copy is cut
    short = text if "--" in text else _ID.sub(lambda found: f"{found[0][:8]}…{found[0][-4:]}", text)
    style = ";min-width:7em" if column == "since" else ";white-space:nowrap" if column == "run" else ""
    if any(len(word) > _LONG_WORD for word in short.split()):
        style = ";overflow-wrap:anywhere;min-width:9em"
    return short, text if short != text else "", style


def without_same(rows: list[dict[str, Any]], *columns: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Remove those of these columns that have one value in all rows; return the rows and these values."""
    values = {column: {row.get(column) for row in rows} for column in columns}
    same = {column: str(*found) for column, found in values.items() if len(found) == 1 and found != {None}}
    return [{name: value for name, value in row.items() if name not in same} for row in rows], list(same.values())


def by_content(changes: Changes) -> Counter[str]:
    """Count the rows of before a repair that differ or are gone after it, by what they are: `memory rows`."""
    rows: Counter[str] = Counter()
    for table, count in changes.before.items():
        rows[_CONTENTS[table].replace("memories", "memory rows")] += count
    return rows


def changed(changes: Changes, run_id: str, **names: str) -> HTML:
    """Show how many rows of each table a run changed, made and removed, of how many conversations; or a plan does.

    `names` are those of columns, where others are shown, as in `removed="put back"`. A plan has no `run_id`.
    """
    rows = ({names.get(name, name): value or None for name, value in each} for each in changes.tables)
    return shown(rows, phrase("rows", changes, by_content(changes), run_id))


def answers(shown: Mapping[str, Sequence[str]], folded: Mapping[str, Sequence[str]] | None = None) -> HTML:
    """Show questions with the lines of their answers, and below them those that open at a click."""
    return HTML(str(_PIECES.answers(shown, folded or {})))


def paragraphs(lines: Sequence[str]) -> HTML:
    """Show lines."""
    return HTML(str(_PIECES.paragraphs(lines)))


def stacked(parts: Iterable[HTML]) -> HTML:
    """Show pieces one below the other, with room between them."""
    return HTML('<div style="height:.8em"></div>'.join(part.data for part in parts))


def titled(title: str, body: HTML) -> HTML:
    """Show a piece under a heading, which goes where the piece goes."""
    return HTML(f"<h2>{escaping.html(title)}</h2>{body.data}")


def folded(summary: str, body: HTML, note: str = "") -> HTML:
    """Show a line that opens at a click."""
    return HTML(str(_PIECES.fold(summary, Markup(body.data), note)))  # noqa: S704 # made of pieces


def steps(lines: Sequence[str]) -> HTML:
    """Show numbered lines."""
    return HTML(str(_PIECES.steps(lines)))


def command(line: str, what: str) -> HTML:
    """Show a command to copy."""
    return HTML(str(_PIECES.command(line, what)))


def readable(name: str, value: Any, agents: Mapping[str, str] | None = None) -> Any:
    """Return a piece of evidence as a person would say it: `yes` for True, and the names of `agents` for their ids."""
    if name == "since" and value:
        return datetime.fromisoformat(value)
    if name == "link":
        return LINKS[value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{(agents or {}).get(key, key)} {count}" for key, count in value.items()) or "none"
    return value
