"""References to databases, and connection strings that no message may repeat."""

import socket
import traceback
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

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


TWO_WAYS = [
    ("postgresql://postgres:p@ssw0rd?x@host/db", "ssw0rd"),
    ("postgresql://postgres:p@ss?Tail=9@host/db", "Tail"),
    ("postgresql://postgres:Kq7/Zx9@host:5432/db?sslmode=require", "Zx9"),
    ("postgresql://postgres:Kq7#Zx9@host/db", "Kq7"),
    ("postgresql://postgres:Kq7:Zx9@host/db", "Kq7"),
    ("postgresql://po:st:Kq7@host/db", "Kq7"),
    ("postgresql://postgres:Kq7@host/db?application_name=tail@other", "tail"),
    ("postgresql://postgres:12/34?Tail=9", "Tail"),
    ("postgresql://postgres:54?Tail=9", "Tail"),
    ("postgresql://postgres:Kq7%zzZx9@host/db", "Zx9"),
    ("postgresql://postgres:Kq7%ffZx9@host/db", "Kq7"),
    ("POSTGRES+psycopg://u:[Kq7]@ho@st/db", "Kq7"),
    ("postgresql://u:p%40ss@Zx9@host/db", "Zx9"),
    ("postgresql://u@host/db?password=Kq7&Zx9=1", "Zx9"),
    ("postgresql://u:p@host/db?sslpassword=Kq7&Zx9", "Zx9"),
]


@pytest.mark.parametrize(("url", "part"), TWO_WAYS)
def test_url_that_can_be_read_in_two_ways_is_refused_and_no_part_of_it_shown(
    monkeypatch: pytest.MonkeyPatch, url: str, part: str
) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", url)
    with pytest.raises(ParameterError) as error:
        resolve("env:SUPABASE_DB_URL")
    shown = "".join(traceback.format_exception(error.value))
    assert part not in str(error.value)
    assert url not in shown
    assert "SUPABASE_DB_URL" in shown
    assert "(not shown)" in shown


QUOTED = ["'{}'", '"{}"', " `{}` ", "“{}”", "\"'{}'\"", "'{}'\r\n"]


@pytest.mark.parametrize("quotes", QUOTED)
@pytest.mark.parametrize("text", [URL, "host=db.example.com user=u password='two words'"])
def test_quotes_around_a_connection_string_are_taken_off(
    monkeypatch: pytest.MonkeyPatch, quotes: str, text: str
) -> None:
    monkeypatch.setenv("BARE", text)
    monkeypatch.setenv("QUOTED", quotes.format(text))
    assert resolve("env:QUOTED").conninfo == resolve("env:BARE").conninfo


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"psql '{URL}'", "is a command"),
        ("psql -h db.example.com -U postgres", "is a command"),
        (f"SUPABASE_DB_URL={URL}", "begins with NAME="),
        (f"export DATABASE_URL='{URL}'", "begins with NAME="),
        ("PGPASSWORD=s3cret psql -h db", "begins with NAME="),
        (f"\ufeff{URL}", "byte order mark"),
        (f"'\u200b{URL}'", "invisible character"),
        (f"jdbc:{URL}", "is a URL of JDBC"),
        ("jdbc:postgresql://db.example.com/postgres?user=u&password=s3cret", "is a URL of JDBC"),
        (f"'{URL}", "quotation mark at one end only"),
        ("postgresql://postgres:[YOUR-PASSWORD]@db.example.com/postgres", r"has \[YOUR-PASSWORD\]"),
        ("https://s3cret.supabase.co", "not one of PostgreSQL"),
        ("mysql+pymysql://u:s3cret@db/x", "not one of PostgreSQL"),
        ("postgresql://u:s3cret@h/db?ssl=require", "option 'ssl', which PostgreSQL does not know: delete it"),
        (
            "postgresql+asyncpg://u:s3cret@h/db?prepared_statement_cache_size=0",
            "'prepared_statement_cache_size', which",
        ),
        ("postgresql://u:s3cret@h/db?user=other", "option 'user' more than once"),
        ("postgresql://u:s3cret@h/db?sslmode=require&ssl%6Dode=disable", "option 'sslmode' more than once"),
        ("host=db password=s3cret host=other", "option 'host' more than once"),
        ("password='a password=s3cret \\' b' sslmode=require sslmode = disable", "option 'sslmode' more than once"),
    ],
)
def test_what_is_pasted_in_place_of_a_url_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, text: str, problem: str
) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", text)
    with pytest.raises(ParameterError, match=problem) as error:
        resolve("env:SUPABASE_DB_URL")
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (f"{URL}?workaround=supabase-pooler.vercel&supa=base-pooler.x", {"host": "db.example.supabase.co"}),
        (f"{URL}?pgbouncer=true&connect_timeout=5&", {"connect_timeout": "5"}),
        (
            "postgresql+psycopg://a%40b:p%3Aw%2F@db.example.com/x%23",
            {"user": "a@b", "password": "p:w/", "dbname": "x#"},
        ),
        ("postgres://u:p@[::1]:6543,b:5433/d", {"host": "::1,b", "port": "6543,5433"}),
        ("postgresql:///d?host=/run/postgresql&user=u", {"host": "/run/postgresql", "user": "u"}),
        ("postgresql://h/d?options=-c%20search_path%3Da%2Cb", {"options": "-c search_path=a,b"}),
        ("password=a=b host = 'db'  user=host=x", {"password": "a=b", "user": "host=x"}),
        (" host=db\n password='it\\'s host=x'", {"password": "it's host=x"}),
    ],
)
def test_connection_strings_as_people_have_them_are_read_by_libpq(
    monkeypatch: pytest.MonkeyPatch, text: str, options: dict[str, str]
) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", text)
    read = conninfo_to_dict(resolve("env:SUPABASE_DB_URL").conninfo.get_secret_value())
    assert {name: read.get(name) for name in options} == options


def sslmode(reference: str) -> str | None:
    return conninfo_to_dict(resolve(reference).conninfo.get_secret_value()).get("sslmode")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql://u@db.example.com/d", "require"),
        ("hostaddr=10.0.0.7 host=localhost", "require"),
        ("host=localhost,10.0.0.7", "require"),
        ("hostaddr=127.0.0.1, host=a,db.example.com", "require"),
        ("postgresql://u@db.example.com/d?sslmode=prefer", "prefer"),
        ("host=db.example.com sslmode=disable", "disable"),
        ("host=db.example.com sslmode=verify-full", "verify-full"),
        ("postgresql://u@localhost,127.0.0.1,[::1]/d", "prefer"),
        ("host=@abstract", "prefer"),
        ("user=u", "prefer"),
    ],
)
def test_another_machine_is_asked_for_encryption_unless_the_url_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, text: str, expected: str
) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", text)
    assert sslmode("env:SUPABASE_DB_URL") == expected


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_the_environment_alone_does_not_switch_encryption_off(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setenv("SUPABASE_DB_URL", "postgresql://u:s3cret@/d")
    monkeypatch.setenv("PGSSLMODE", mode)
    assert sslmode("env:SUPABASE_DB_URL") == mode, "a socket"
    monkeypatch.setenv("PGHOST", "db.example.com")
    with pytest.raises(ParameterError, match=f"PGSSLMODE={mode} .* unset") as error:
        resolve("env:SUPABASE_DB_URL")
    assert "s3cret" not in str(error.value)
    monkeypatch.setenv("PGSSLMODE", "verify-ca")
    assert sslmode("env:SUPABASE_DB_URL") == "verify-ca", "stronger than what would be set"


@pytest.mark.parametrize("by", ["reference", "PGSERVICE"])
@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("host=db.example.com\n", "require"),
        ("host=db.example.com\nsslmode=prefer\n", "prefer"),
        ("host=db.example.com\nsslmode=disable\n", "disable"),
        ("host=db.example.com\nsslmode=verify-full\n", "verify-full"),
        ("host=localhost\n", "prefer"),
    ],
)
def test_a_service_on_another_machine_is_encrypted_unless_its_entry_says_otherwise(
    libpqs_files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, entry: str, expected: str, by: str
) -> None:
    libpqs_files[0].write_text(f"[mine]\nuser=u\n{entry}")
    monkeypatch.setenv("SUPABASE_DB_URL", "dbname=d")
    if by == "PGSERVICE":
        monkeypatch.setenv("PGSERVICE", "mine")
    reference = "service:mine" if by == "reference" else "env:SUPABASE_DB_URL"
    assert sslmode(reference) == expected
    assert resolve(reference).is_local is ("localhost" in entry)


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
