"""Escapes of other people's text, one for each medium, and masks of secrets.

Names of agents and organizations, owners, thread ids and servers' messages are written by others.
"""

import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote, quote_plus

_ACTS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
"""Characters that act on the text around them, or that no file in UTF-8 or XML holds."""

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}

_WORKFLOW_COMMAND = re.compile(r"^\s*::|##(?=\[|vso\[|teamcity\[)")
"""What GitHub, Azure and TeamCity take for a command in a log: `::error`, `##[add-mask]`."""

_FORMULA = re.compile(r"[=+\-@＝＋－＠]")  # noqa: RUF001 # a spreadsheet takes the wide ones, too
_MARKS = re.compile(r"(^[-+]|(?<=[\dwW])[.)]|:(?=//)|[\\`*_{}\[\]<>#!|~$&@^])")
"""What Markdown could take for its own: `1.` begins a list, `www.` and `https://` a link."""

_LONG_ENOUGH = 4
_AROUND_PASSWORD = ((":", "@"), ("password=", ""), ("password='", "'"))


def visible(text: str) -> str:
    r"""Return text in one line, with what acts in it spelled out: `\n`, `\u202e`."""
    return _ACTS.sub(lambda found: _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}", text)


def terminal(line: str) -> str:
    """Return one line for a terminal or a log, in which a CI job finds no command."""
    return _WORKFLOW_COMMAND.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", visible(line))


def html(text: str) -> str:
    """Return text for an element or an attribute of HTML."""
    return escape(visible(text))


def xml(text: str) -> str:
    """Return text that XML can hold; the XML library escapes its marks."""
    return visible(text)


def markdown(text: str) -> str:
    """Return text for a paragraph or a cell of Markdown."""
    return _MARKS.sub(r"\\\1", " ".join(visible(text).split()))


def csv(cell: str) -> str:
    """Return a cell of CSV in one line, with an apostrophe before what a spreadsheet would calculate."""
    shown = visible(cell)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def sql(text: str) -> str:
    """Return a literal of SQL to paste, on one line, whatever the session's settings."""
    spelled = visible(text.replace("\\", "\\\\")).replace("'", "''")
    return f"E'{spelled}'" if "\\" in spelled else f"'{spelled}'"


def json_line(text: str) -> str:
    """Return the same JSON as one line of ASCII, in which a CI job finds no command."""
    return json.dumps(json.loads(text)).replace("##", r"#\u0023")


def spellings(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return every form that a message may show of these secrets, such as `p%40ss` of `p@ss`, longest first.

    One of fewer than four characters stands in many words: it counts only where a URL or an option has its password.
    """
    return tuple(sorted({form for secret in secrets if secret for form in _spelled(secret)}, key=len, reverse=True))


def _spelled(secret: str) -> set[str]:
    in_url = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    in_conninfo = secret.replace("\\", "\\\\").replace("'", "\\'")
    quoted = {text[1:-1] for text in (json.dumps(secret), json.dumps(secret, ensure_ascii=False), repr(secret))}
    forms = {secret, visible(secret), escape(secret), in_conninfo, *in_url, *quoted}
    if len(secret) >= _LONG_ENOUGH:
        return forms
    return {f"{before}{form}{after}" for form in forms for before, after in _AROUND_PASSWORD}


def masked(text: str, secrets: Sequence[str]) -> str:
    """Replace every secret in `text` with `***`."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text
