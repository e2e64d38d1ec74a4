"""Ids of the sandbox's scenarios, and values that tests of several rooms share."""

from pathlib import Path

from toolkit.scope import Scope

ROOT = Path(__file__).parents[1]

README = (ROOT / "README.md").read_text(encoding="utf-8")

AGENTS = tuple(f"a0000000-0000-4000-a000-00000000000{n}" for n in range(1, 6))
"""The agents in use; the scenarios have two more."""

ONE, TWO = AGENTS[:2]

NOT_IN_USE = ("a0000000-0000-4000-a000-000000000006", "a0000000-0000-4000-a000-000000000007")
"""A draft and a deleted agent."""

UNKNOWN = "b0000000-0000-4000-b000-000000000001"

ORGANIZATION = "11111111-1111-4111-8111-111111111111"

OTHER_ORGANIZATION = "22222222-2222-4222-8222-222222222222"

USER = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"

COPY = "475ee6a8c60f46b885e1079bec764fbd"
"""The newest copy of the first agent in the scenario `broken`."""

URL = "postgresql://postgres:s3cret@db.example.supabase.co:5432/postgres"
"""A connection string; its password may be repeated nowhere."""

EVERYBODY = Scope.parse("all")

CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    "pg_backend_pid()"
)
"""End every other connection to the database."""

HAS_JOURNAL = "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = 'assistant_repair'"
