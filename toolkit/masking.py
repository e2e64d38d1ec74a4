"""What may no output hold, whatever error a library raised?"""

import html
import json
import os
from collections.abc import Sequence
from urllib.parse import quote, quote_plus

import psycopg

from toolkit.errors import ParameterError
from toolkit.settings import Settings, resolve


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Return the URLs, passwords and tokens behind the settings' references, the longest first, in every form a message may have them in.

    Those of `service:` references stay in libpq's own files, and what cannot be resolved was never connected to.
    """
    found: set[str] = set()
    for reference in (settings.supabase, settings.langgraph):
        if reference.startswith("env:"):
            found |= {os.environ.get(reference.removeprefix("env:"), ""), *_spelled(_password(reference))}
    token = getattr(settings, "api_token", "").removeprefix("env:")
    found |= _spelled(os.environ.get(token, "") if token else "")
    return tuple(sorted(filter(None, found), key=len, reverse=True))


def _password(reference: str) -> str:
    try:
        conninfo = resolve(reference).conninfo.get_secret_value()
    except ParameterError:
        return ""
    return str(psycopg.conninfo.conninfo_to_dict(conninfo).get("password") or "")


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
