"""Masking of secrets in whatever a library prints."""

import html
import json
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote, quote_plus


def spellings(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return every form in which a message may have these secrets, the longest first."""
    return tuple(sorted(filter(None, {form for secret in secrets for form in _spelled(secret)}), key=len, reverse=True))


def _spelled(secret: str) -> set[str]:
    escaped = {
        html.escape(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
    }
    # libpq's connection strings escape with a backslash
    return {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        secret.replace("\\", "\\\\").replace("'", "\\'"),
        *escaped,
    }


def masked(text: str, secrets: Sequence[str]) -> str:
    """Put `***` in place of every secret."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def mask_errors(shell: Any, secrets: Sequence[str]) -> None:
    """Have a notebook's process show every error without these secrets, whoever raised it.

    Args:
        shell: what `get_ipython()` returns, whose hook for showing errors is overridden on this one object.
        secrets: as `spellings` returns them.
    """
    show = type(shell)._showtraceback

    def show_masked(kind: type[BaseException], error: BaseException, lines: Sequence[str]) -> None:
        show(shell, kind, masked(str(error), secrets), [masked(line, secrets) for line in lines])

    shell._showtraceback = show_masked
