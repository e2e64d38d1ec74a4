"""Masking of secrets in the texts that libraries print."""

import html
import json
from collections.abc import Iterable, Sequence
from urllib.parse import quote, quote_plus


def spellings(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return every form that a message may show of these secrets, such as `p%40ss` of `p@ss`, longest first."""
    return tuple(sorted(filter(None, {form for secret in secrets for form in _spelled(secret)}), key=len, reverse=True))


def _spelled(secret: str) -> set[str]:
    in_url = {quote(secret, safe=""), quote(secret), quote_plus(secret)}
    in_conninfo = secret.replace("\\", "\\\\").replace("'", "\\'")
    quoted = {text[1:-1] for text in (json.dumps(secret), json.dumps(secret, ensure_ascii=False), repr(secret))}
    return {secret, html.escape(secret), in_conninfo, *in_url, *quoted}


def masked(text: str, secrets: Sequence[str]) -> str:
    """Replace every secret in `text` with `***`."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text
