"""Files of targets that are refused, before anything runs."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.fleet.targets import TargetsError, read

ONE = '[[target]]\nname = "acme"\nsupabase = "env:ACME"\n'


def test_a_target_has_the_defaults_that_it_does_not_name(tmp_path: Path) -> None:
    (file := tmp_path / "targets.toml").write_text(
        '\ufeff[defaults]\nstartup_sync = "all"\nlanggraph = "env:SHARED"\n'
        f'{ONE}\n[[target]]\nname = "Bakery Ä 2"\nsupabase = "service:two"\nlanggraph = "env:OWN"\n'
    )
    assert [(target.name, target.parameters) for target in read(file)] == [
        ("acme", {"supabase": "env:ACME", "langgraph": "env:SHARED", "startup_sync": "all"}),
        ("Bakery Ä 2", {"supabase": "service:two", "langgraph": "env:OWN", "startup_sync": "all"}),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ONE}scope = all\n", "(at line 4, column 9)"),
        ("target = []", "expected [[target]] for each project"),
        ("[target]\nname = 'acme'\n", "expected [[target]] for each project"),
        (ONE.replace("[[target]]", "[[targets]]"), "unknown table 'targets': did you mean 'target'?"),
        (f"[default]\n{ONE}", "unknown table 'default': did you mean 'defaults'?"),
        (ONE.replace("supabase", "supabse"), "target 'acme': unknown key 'supabse': did you mean 'supabase'?"),
        (ONE.replace("supabase", "supabse"), "target 'acme': no key 'supabase'"),
        (ONE.replace("name", "nme"), "target 1: no key 'name'"),
        (f'{ONE}report_dir = "x"\n', "target 'acme': unknown key 'report_dir'"),
        (f'{ONE}scope = "orgs:1"\n', "target 'acme': key 'scope': got"),
        (f"{ONE}scope = 5\n", "target 'acme': key 'scope': got 5 of type int: it must be a text"),
        (ONE.replace("env:ACME", "acme"), "target 'acme': key 'supabase': got database 'acme'; write sandbox"),
        (f'{ONE}startup_sync = "some"\n', "key 'startup_sync': got 'some': expected all, global or none"),
        (f'{ONE}api_token = "eyJhbGciOi"\n', "key 'api_token': got a value (not shown: it may be a secret)"),
        (f'[defaults]\nscope = "none"\n{ONE}', "[defaults]: key 'scope': got 'none'"),
        (f'[defaults]\nname = "x"\n{ONE}', "[defaults]: key 'name': every target has its own"),
        (f"{ONE}{ONE.replace('acme', 'ACME')}", "target 'ACME': key 'name': target 1 has the same"),
        (ONE.replace("acme", "../acme"), "target 1: key 'name': got '../acme': expected up to 100 letters"),
        (ONE.replace("acme", "pages/x\\u0000"), "target 1: key 'name'"),
        (ONE.replace("acme", "語" * 67), "letters (66 where one takes 3 bytes)"),
    ],
)
def test_a_refusal_names_target_and_key(text: str, said: str, tmp_path: Path) -> None:
    (file := tmp_path / "targets.toml").write_text(text)
    with pytest.raises(TargetsError) as refused:
        read(file)
    assert said in str(refused.value)


def test_all_problems_are_named_at_once_and_no_password_is_shown(tmp_path: Path) -> None:
    secret = "postgresql://u:hunter2@db.example/x"
    (file := tmp_path / "targets.toml").write_text(
        f'{ONE}[[target]]\nname = "two"\nsupabase = "{secret}"\n[[target]]\nname = "{secret}"\nsupabase = "env:X"\n'
        f'[[target]]\nname = "four"\nsupabase = "host=x password=hunter2"\n[[target]]\nname = "five"\n'
        'supabase = "env:X"\napi_url = "https://u:hunter2@api.example"\n'
    )
    ran = CliRunner().invoke(main, ["fleet", "diagnose", str(file), "--report-dir", str(tmp_path / "out")])
    assert (ran.exit_code, ran.stdout, (tmp_path / "out").exists()) == (3, "", False)
    assert "hunter2" not in ran.stderr
    assert "holds a connection string (not shown here: it may hold a password)" in ran.stderr
    targets = ["target 'two'", "target 3", "target 'four'", "target 'five'"]
    *lines, last = ran.stderr.splitlines()
    assert [line.split(": key")[0] for line in lines] == [f"{file}: {target}" for target in targets]
    assert last == "correct the file and run again; no project was looked at"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(TargetsError, match=r"cannot read '.*none.toml': No such file"):
        read(tmp_path / "none.toml")
    (file := tmp_path / "latin.toml").write_bytes(ONE.replace("acme", "ä").encode("latin-1"))
    with pytest.raises(TargetsError, match="is not TOML"):
        read(file)
