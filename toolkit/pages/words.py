"""Words of the pages: Jinja templates, filled with facts."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Context, Macro

from toolkit import phrases

CODE = "\udc60"
"""The mark at both ends of code in a template's line. Lone surrogates stand in no text that is UTF-8."""

_VALUE, _BREAK, _TICK = "\ud800", "\udc0a", "\udc61"
"""Marks of a filled-in value, and of its line breaks and backticks."""

_UNMARKED = str.maketrans({"`": CODE, _TICK: "`", _BREAK: "\n", _VALUE: None})


def _marked(value: object) -> str:
    return _VALUE + str(value).replace("\n", _BREAK).replace("`", _TICK)


def _listed(rows: Iterable[tuple[object, ...]], form: str) -> str:
    return ", ".join(form.format(*row) for row in rows)


class _Sentences(Context):
    """What a template knows. A macro's sentence may stand in several lines: they are one where it is called."""

    def call(self, callee: Callable[..., Any], *args: Any, **named: Any) -> Any:
        said = super().call(callee, *args, **named)
        return re.sub("\n *", " ", str(said)) if isinstance(callee, Macro) else said


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    finalize=_marked,  # a name cannot begin a line of its own
    autoescape=False,  # noqa: S701 # plain text; html.py escapes every line
)
_TEMPLATES.context_class = _Sentences
_TEMPLATES.filters |= {"counted": phrases.counted, "lasting": phrases.lasting, "megabytes": phrases.megabytes}
_TEMPLATES.filters |= {"moment": phrases.moment, "named": phrases.named, "listed": _listed}
_TEMPLATES.filters |= {"day": "{:%Y-%m-%d %H:%M} UTC".format, "thousands": "{:,}".format}


def answers(template: str, facts: Mapping[str, Any], block: str = "") -> dict[str, list[str]]:
    """Fill a template, or one block of it, and return its answers by question; `CODE` is at both ends of code.

    A line that begins with `? ` is a question, one with `- ` an answer. Other lines continue the line before.
    """
    found: dict[str, list[str]] = {}
    lines = found.setdefault("", [])
    loaded = _TEMPLATES.get_template(f"{template}.j2")
    text = "".join(loaded.blocks[block](loaded.new_context(dict(facts)))) if block else loaded.render(facts)
    for line in text.split("\n"):
        if (text := line.lstrip(" ")).startswith("? "):
            lines = found.setdefault(text[2:], [])
        elif text.startswith("- "):
            lines.append(text[2:])
        elif text:
            lines[-1] = f"{lines[-1].rstrip()} {text}".lstrip()
    return {question: [line.translate(_UNMARKED) for line in lines] for question, lines in found.items() if lines}


def phrase(macro: str, *facts: object) -> str:
    """Return what a macro of `macros.j2` says."""
    module: Any = _TEMPLATES.get_template("macros.j2").module
    said = " ".join(str(getattr(module, macro)(*facts)).replace(_VALUE, "").split("\n"))
    return re.sub(" +", " ", said).translate(_UNMARKED)


def lines(template: str, facts: Mapping[str, Any], block: str = "") -> list[str]:
    """Fill a template or block without questions, and return its lines as plain text."""
    return [line.replace(CODE, "`") for line in answers(template, facts, block).get("", [])]
