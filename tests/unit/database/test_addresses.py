"""References to databases, and connection strings that no message may repeat."""

import socket
from pathlib import Path

import pytest

from tests.constants import URL
from toolkit.database.addresses import resolve, secrets_behind
from toolkit.errors import ParameterError

ODD = "p@ss:w/o#r%d?&=+ 'q\"\\ü€"


@pytest.mark.parametrize(
    "pasted",
    [URL, "host=db password=s3cret", f"env:{URL}", "postgres:s3cret@db:5432", ":s3cret@db", "service:a=s3cret"],
)
def test_pasted_connection_string_is_no_reference(pasted: str) -> None:
    with pytest.raises(ParameterError) as error:
        resolve(pasted)
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("reference", ["", "broken", "Sandbox:broken", "env:", "file:x"])
def test_reference_of_another_form_is_refused_with_the_forms_there_are(reference: str) -> None:
    with pytest.raises(ParameterError, match="sandbox:SCENARIO, env:NAME or service:NAME"):
        resolve(reference)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_empty_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("SUPABASE_DB_URL", raising=False)
    if value is not None:
        monkeypatch.setenv("SUPABASE_DB_URL", value)
    with pytest.raises(ParameterError, match="SUPABASE_DB_URL is not set or empty"):
        resolve("env:SUPABASE_DB_URL")


@pytest.mark.parametrize(
    ("text", "is_local"),
    [
        ("postgresql://u:p@127.0.0.1/db", True),
        ("postgresql://u:p@127.8.9.1/db", True),
        ("postgresql://u:p@[::1]:5432/db", True),
        ("postgresql://u:p@localhost/db", True),
        ("host=/var/run/postgresql dbname=db", True),
        ("postgresql:///db?host=/var/run/postgresql", True),
        ("postgresql://u:p@db.example.com/db", False),
        ("postgresql://u:p@localhost.example.com/db", False),
        ("postgresql://u:p@/db?host=db.example.com", False),
        ("postgresql://u:p@127.0.0.1/db?hostaddr=10.0.0.7", False),
        ("host=localhost,db.example.com dbname=db", False),
        ("host=localhost hostaddr=10.0.0.7 dbname=db", False),
        ("hostaddr=10.0.0.7 dbname=db", False),
    ],
)
def test_local_is_what_cannot_be_elsewhere(monkeypatch: pytest.MonkeyPatch, text: str, is_local: bool) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", text)
    assert resolve("env:SUPABASE_DB_URL").is_local is is_local


def test_option_that_a_url_has_twice_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", "postgresql://u:s3cret@h/db?sslmode=require&sslmode=disable")
    with pytest.raises(ParameterError, match="the URL in SUPABASE_DB_URL has the option 'sslmode' more than once"):
        resolve("env:SUPABASE_DB_URL")


def test_local_is_not_what_the_environment_sends_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", "dbname=db")
    monkeypatch.setenv("PGHOST", "db.example.com")
    assert resolve("env:SUPABASE_DB_URL").is_local is False


@pytest.fixture
def libpqs_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Have libpq read its service file and its password file here."""
    services, passwords = tmp_path / "pg_service.conf", tmp_path / "pgpass"
    monkeypatch.setenv("PGSERVICEFILE", str(services))
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    return services, passwords


def test_secrets_of_a_service_are_those_of_its_entry(libpqs_files: tuple[Path, Path]) -> None:
    services, _ = libpqs_files
    services.write_text(
        f"[mine]\nhost=db.example.com\nuser=u\npassword={ODD}\nsslpassword=of the key\n\n[other]\npassword=another\n"
    )
    assert secrets_behind("service:mine") == {ODD, "of the key"}


def test_secret_of_a_service_may_stand_in_the_password_file(libpqs_files: tuple[Path, Path]) -> None:
    services, passwords = libpqs_files
    services.write_text("[mine]\nhost=db.example.com\nuser=u\ndbname=d\n")
    escaped = ODD.replace("\\", "\\\\").replace(":", "\\:")
    passwords.write_text(f"db.example.com:5432:other:u:another\ndb.example.com:5432:d:u:{escaped}\n")
    passwords.chmod(0o600)
    assert secrets_behind("service:mine") == {ODD}


def test_nothing_is_secret_behind_a_service_that_is_not_there(libpqs_files: tuple[Path, Path]) -> None:
    assert secrets_behind("service:mine") == set()


def test_secrets_of_a_variable_are_its_url_and_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", URL)
    assert secrets_behind("env:SUPABASE_DB_URL") == {URL, "s3cret"}


def test_url_that_cannot_be_read_is_secret_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", "postgresql://u:s3@cret@db:x/y")
    assert secrets_behind("env:SUPABASE_DB_URL") == {"postgresql://u:s3@cret@db:x/y"}


def test_asking_for_secrets_connects_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        monkeypatch.setenv("SUPABASE_DB_URL", f"postgresql://u:s3cret@127.0.0.1:{server.getsockname()[1]}/d")
        assert "s3cret" in secrets_behind("env:SUPABASE_DB_URL")
        with pytest.raises(BlockingIOError):
            server.accept()
