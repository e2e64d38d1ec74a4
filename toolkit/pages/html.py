"""HTML pieces of a page: banners, tables, answers, commands.

Plain HTML with inline styles: the form that survives papermill, an untrusted notebook, and a viewer that drops style
sheets and scripts.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from toolkit import escaping, phrases
from toolkit.diagnosis.findings import LINKS
from toolkit.pages.words import CODE

BLUE, VERMILION = "#0072B2", "#D55E00"
"""Okabe and Ito's pair that people with any colour vision tell apart; good and bad are always written, too."""

_CELL = (
    "text-align:left;vertical-align:top;padding:.3em .6em;border-bottom:1px solid #ddd;font-size:14px;line-height:1.35"
)
_BANNER = "padding:.6em 1em;margin:.4em 0;background:#f6f6f6;color:#111;font-size:1.1em;overflow-wrap:anywhere"
_COMMAND = "background:#f6f6f6;color:#111;padding:.8em;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all"

_LONG_WORD = 24
"""Longer words are ids, which may break where there is no room."""


@dataclass(frozen=True)
class HTML:
    """A piece of a page. IPython's own class would take half a second to import."""

    data: str = field(repr=False)

    def _repr_html_(self) -> str:
        return self.data


@dataclass(frozen=True)
class Image:
    """A picture as PNG, with a text for people who cannot see it."""

    data: bytes = field(repr=False)
    alt: str = field(repr=False)

    def _repr_png_(self) -> tuple[str, dict[str, str]]:
        return base64.b64encode(self.data).decode(), {"alt": self.alt}


def banner(is_good: bool | None, word: str, message: str) -> str:
    """Return a verdict as HTML, in words and colour; None: neither good nor bad."""
    colour, mark = {True: (BLUE, "✓"), False: (VERMILION, "✗"), None: (BLUE, "→")}[is_good]
    return (
        f'<div role="status" style="border-left:8px solid {colour};{_BANNER}">'
        f'<b style="color:{colour};font-size:1.3em">{mark} {word.upper()}</b><br>{escaping.html(message)}</div>'
    )


def shown(rows: Iterable[Mapping[str, Any]], title: str, total: int | None = None) -> HTML:
    """Show rows under a title, and say how many more there are.

    Args:
        rows: cells by column; None leaves a cell empty, and a column without any other cell is left out.
        title: HTML.
        total: how many rows there are, where not all of them are shown.
    """
    listed = list(rows if total is None else islice(rows, phrases.fit(total)))
    if not listed:
        return HTML(f"<p>{title} <b>None.</b></p>")
    rest = (total or len(listed)) - len(listed)
    more = f"<p>… and {rest:,} more, {total:,} in all.</p>" if rest > 0 else ""
    columns = dict.fromkeys(name for row in listed for name in row)
    filled = [name for name in columns if any(row.get(name) is not None for row in listed)]
    head = "".join(f'<th scope="col" style="{_CELL}">{escaping.html(name)}</th>' for name in filled)
    body = "".join(f"<tr>{''.join(_cell(name, row.get(name)) for name in filled)}</tr>" for row in listed)
    table = f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return HTML(f'<p>{title}</p><div style="overflow-x:auto">{table}</div>{more}')


def _cell(column: str, value: Any) -> str:
    text = "" if value is None else phrases.moment(value) if isinstance(value, datetime) else str(value)
    # On a phone the page shows this label before the cell, and the cells below each other.
    label = f' data-label="{escaping.html(column)}"'
    return f'<td{label} style="{_CELL}{_width(column, text)}">{escaping.html(text)}</td>'


def _width(column: str, text: str) -> str:
    if column == "since":
        return ";min-width:7em"  # the day, and below it the time
    ids = sum(len(word) > _LONG_WORD for word in text.split())
    return f";overflow-wrap:anywhere;min-width:{18 if ids > 1 else 9}em" if ids else ""


def answers(by_question: Mapping[str, str | Sequence[str]]) -> HTML:
    """Show questions with their answers, as text: a line, or several. Between two `CODE` stands code."""
    rows = []
    for question, answer in by_question.items():
        lines = [answer] if isinstance(answer, str) else answer
        cell = "".join(f'<div style="margin:0 0 .3em">{_with_code(line)}</div>' for line in lines)
        rows.append(
            f'<tr><th scope="row" style="{_CELL};width:30%">{escaping.html(question)}</th>'
            f'<td style="{_CELL};overflow-wrap:anywhere">{cell}</td></tr>'
        )
    return HTML(f'<table style="border-collapse:collapse;width:100%"><tbody>{"".join(rows)}</tbody></table>')


def _with_code(line: str) -> str:
    parts = map(escaping.html, line.split(CODE))
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))


def command(line: str, what: str) -> HTML:
    """Show a command to copy."""
    return HTML(f'<p>{escaping.html(what)}</p><pre style="{_COMMAND}">{escaping.html(line)}</pre>')


def readable(name: str, value: Any) -> Any:
    """Return a piece of evidence as a person would say it: `yes` for True."""
    if name == "since" and value:
        return datetime.fromisoformat(value)
    if name == "link":
        return LINKS[value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {count}" for key, count in value.items()) or "none"
    return value
