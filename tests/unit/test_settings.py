"""Parameters, checked before anything connects; no message repeats a secret."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.constants import ONE, URL
from toolkit.catalog.kinds import KINDS
from toolkit.cli import main
from toolkit.errors import ParameterError
from toolkit.pages.verdicts import verify_command
from toolkit.scope import Scope
from toolkit.settings import DiagnoseSettings, RepairSettings, Settings, UndoSettings, VerifySettings

ALL = [DiagnoseSettings, RepairSettings, VerifySettings, UndoSettings]


def refusal(settings: type[Settings], **values: Any) -> str:
    with pytest.raises(ParameterError) as error:
        settings.given(values)
    assert error.value.exit_status == 3
    assert error.value.__cause__ is None
    return str(error.value)


def parameters(*annotations: Any) -> list[tuple[type[Settings], str]]:
    """Every notebook's parameters of these types."""
    fields = ((each, name, field) for each in ALL for name, field in each.model_fields.items())
    return [(each, name) for each, name, field in fields if field.annotation in annotations]


@pytest.mark.parametrize("settings", ALL)
def test_defaults_are_valid_and_change_nothing(settings: type[Settings]) -> None:
    made = settings.given({})
    assert getattr(made, "apply", False) is False
    assert made.agents_in_scope == Scope(organizations=None)


@pytest.mark.parametrize("value", ["false", "true", "True", 0, 1, None, 1.0, ["true"]])
@pytest.mark.parametrize("settings", [RepairSettings, UndoSettings])
def test_apply_is_taken_from_a_bool_only(settings: type[Settings], value: Any) -> None:
    message = refusal(settings, apply=value)
    assert "parameter 'apply', got" in message
    assert "must be True or False" in message
    assert repr(value) in message


@pytest.mark.parametrize("value", [None, 7, 7.5, True, ["all"], {"org": ONE}])
@pytest.mark.parametrize(("settings", "name"), parameters(str))
def test_text_is_taken_from_text_only(settings: type[Settings], name: str, value: Any) -> None:
    assert f"parameter {name!r}, got" in refusal(settings, **{name: value})


@pytest.mark.parametrize("value", ["drift", None, 7, ("drift",), {"drift": 1}, [7], [None]])
@pytest.mark.parametrize(("settings", "name"), parameters(list[str]))
def test_lists_are_taken_from_lists_of_text_only(settings: type[Settings], name: str, value: Any) -> None:
    assert f"parameter {name!r}" in refusal(settings, **{name: value})


@pytest.mark.parametrize(
    ("settings", "name", "meant"),
    [
        (RepairSettings, "aply", "apply"),
        (RepairSettings, "Apply", "apply"),
        (RepairSettings, "scop", "scope"),
        (DiagnoseSettings, "fail-on", "fail_on"),
        (VerifySettings, "api_ulr", "api_url"),
        (UndoSettings, "run_id", "run"),
    ],
)
def test_unknown_name_is_refused_with_the_right_spelling(settings: type[Settings], name: str, meant: str) -> None:
    assert f"unknown parameter {name!r}: did you mean {meant!r}?" in refusal(settings, **{name: True})


def test_unknown_name_like_none_is_refused_with_those_there_are() -> None:
    message = refusal(RepairSettings, zzz=1)
    assert "unknown parameter 'zzz': known are allow, apply" in message


def test_name_of_another_notebook_is_refused() -> None:
    assert "unknown parameter 'apply'" in refusal(DiagnoseSettings, apply=True)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example?key=s3cret",
        "https://api.example/v1?s3cret",
        "https://api.example/#s3cret",
        "https://u:s3cret@api.example",
        "https://u:s3/cret@api.example",
        "https://api.example\\@s3cret",
        "https://api.example/ s3cret",
        "s3cret",
        "https://",
    ],
)
def test_url_of_the_server_that_may_hold_a_secret_is_refused_and_no_part_of_it_shown(url: str) -> None:
    message = refusal(VerifySettings, api_url=url)
    assert "without user, password, query and fragment" in message
    assert "s3" not in message
    assert "api.example" not in message


@pytest.mark.parametrize("settings", [DiagnoseSettings, RepairSettings])
def test_unset_variable_of_the_other_side_says_that_the_side_may_be_left_out(
    settings: type[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERE", "postgresql://u@h/db")
    monkeypatch.delenv("ELSEWHERE", raising=False)
    with pytest.raises(ParameterError, match="ELSEWHERE is not set or empty; leave --langgraph out where both"):
        settings(supabase="env:HERE", langgraph="env:ELSEWHERE").databases()
    with pytest.raises(ParameterError, match="ELSEWHERE is not set or empty: nothing"):
        settings(supabase="env:ELSEWHERE").databases()


@pytest.mark.parametrize("settings", [RepairSettings, UndoSettings])
def test_only_a_stopped_run_that_writes_may_have_begun_something(settings: type[Settings]) -> None:
    begun = settings(supabase="env:A", apply=True, **({"digest": "0" * 16} if settings is RepairSettings else {}))
    assert begun.after_stop.endswith(
        "the same command goes on with it. To see it: assistant-toolkit undo --supabase env:A"
    )
    assert settings(supabase="env:A").after_stop == "Nothing was changed."


def test_every_wrong_parameter_is_named_at_once() -> None:
    message = refusal(RepairSettings, apply="false", scop="all")
    assert "'apply'" in message
    assert "'scop'" in message


@pytest.mark.parametrize(
    ("settings", "values", "spelled"),
    [
        (RepairSettings, {"only": "wrong_id"}, "-y 'only: [wrong_id]'"),
        (RepairSettings, {"only": [7]}, "-y 'only: [\"7\"]'"),
        (RepairSettings, {"apply": "false"}, "-p apply True"),
        (UndoSettings, {"run": 20261126}, "-r run 20261126"),
    ],
)
def test_wrong_type_is_refused_with_papermills_right_spelling(
    settings: type[Settings], values: dict[str, Any], spelled: str
) -> None:
    assert f"papermill: {spelled}" in refusal(settings, **values)


def test_a_bool_in_place_of_a_text_has_no_right_spelling() -> None:
    assert "papermill" not in refusal(DiagnoseSettings, startup_sync=True)


@pytest.mark.parametrize("digest", ["0123456789abcde", "0123456789ABCDEF", "g" * 16, "0" * 65, " " * 16])
def test_digest_is_16_hexadecimal_digits_or_more(digest: str) -> None:
    assert "expected 16 to 64 hexadecimal digits" in refusal(RepairSettings, plan="plan.json", digest=digest)


@pytest.mark.parametrize("sides", [{"supabase": "env:A"}, {"supabase": "sandbox:broken", "langgraph": "service:b"}])
def test_apply_outside_the_sandbox_wants_the_digest(sides: dict[str, str]) -> None:
    for plan in ({}, {"plan": "plan.json"}):
        refused = refusal(RepairSettings, apply=True, **sides, **plan)
        assert "apply needs the approved plan and its digest" in refused
        assert refused.endswith("a sandbox needs neither: nothing was changed")
    assert RepairSettings.given({"apply": True, "plan": "plan.json", "digest": "0" * 16, **sides}).apply
    assert RepairSettings.given({"apply": True, "resume": "run-1", **sides}).apply
    assert RepairSettings.given({"apply": True}).apply


@pytest.mark.parametrize("pasted", [URL, URL.replace("postgresql", "postgresql+psycopg"), "host=db password=s3cret"])
@pytest.mark.parametrize(("settings", "name"), parameters(str, bool, list[str]))
def test_pasted_connection_string_is_refused_and_not_repeated(settings: type[Settings], name: str, pasted: str) -> None:
    for value in (pasted, [pasted]):
        message = refusal(settings, **{name: value})
        assert "s3cret" not in message
        assert "db.example" not in message


def test_pasted_token_is_refused_and_not_repeated() -> None:
    message = refusal(VerifySettings, api_token="eyJhbGciOiJIUzI1NiJ9.e30.s3cret")
    assert "s3cret" not in message
    assert "env:NAME" in message


@pytest.mark.parametrize("scope", ["none", "ALL", "", "org:", f"org:{ONE},", "org:not-a-uuid", ONE])
def test_unknown_scope_is_refused(scope: str) -> None:
    refusal(DiagnoseSettings, scope=scope)


def test_only_takes_agents_in_any_spelling_and_kinds() -> None:
    made = RepairSettings.given({"only": [ONE.upper(), "wrong_id"]})
    assert made.only == [ONE, "wrong_id"]


@pytest.mark.parametrize("entry", ["wrong-id", "duplicates", "", ONE[:-1]])
def test_only_refuses_what_is_neither_agent_nor_kind(entry: str) -> None:
    assert repr(entry) in refusal(RepairSettings, only=[entry])


@pytest.mark.parametrize("entry", ["conflict", "conflict:", "conflict:all", "wrong_id", "Drift", f"drift:{ONE}"])
def test_allow_refuses_what_cannot_be_allowed(entry: str) -> None:
    assert "cannot be allowed" in refusal(RepairSettings, allow=[entry])


def test_allow_takes_a_conflict_by_its_agent_in_any_spelling() -> None:
    made = RepairSettings.given({"allow": ["drift", "orphan", f"conflict:{ONE.upper()}"]})
    assert made.allow == ["drift", "orphan", f"conflict:{ONE}"]


def test_fail_on_takes_every_kind() -> None:
    assert DiagnoseSettings.given({"fail_on": list(KINDS)}).fail_on == list(KINDS)


def test_saved_plan_cannot_be_shaped() -> None:
    assert "applied as it was approved" in refusal(RepairSettings, plan="plan.json", allow=["drift"])


@pytest.mark.parametrize(
    ("supabase", "langgraph", "is_practice"),
    [("sandbox:broken", "", True), ("sandbox:broken/supabase", "sandbox:broken/langgraph", True), ("env:A", "", False),
     ("sandbox:broken", "env:A", False), ("env:A", "sandbox:broken", False)],
)  # fmt: skip
def test_it_is_practice_where_no_side_is_somebodys_own(supabase: str, langgraph: str, is_practice: bool) -> None:
    assert DiagnoseSettings(supabase=supabase, langgraph=langgraph).is_practice is is_practice


def test_a_command_to_copy_is_quoted_for_a_shell() -> None:
    named = ["--supabase", "env:A", "--langgraph", "service:two words", "--journal-owner", "o'neill"]
    made = UndoSettings(supabase="env:A", langgraph="service:two words", journal_owner="o'neill")
    assert shlex.split(made.command_line("undo")) == ["assistant-toolkit", "undo", *named]


@pytest.mark.parametrize(
    ("report_dir", "given"),
    [
        ("/srv/Zoë's/20260131T120000Z-diagnose", "/srv/Zoë's"),
        ("/srv/20260131T120000Z-2-diagnose", "/srv"),
        ("of a notebook", "of a notebook"),
        (str(Path("reports").absolute() / "20260131T120000Z-diagnose"), ""),
        ("", ""),
    ],
)
def test_a_command_to_copy_repeats_what_was_given_and_the_command_takes(report_dir: str, given: str) -> None:
    asked = {"api_url": "https://server.example", "api_token": "env:USER_JWT", "startup_sync": "all"}
    made = DiagnoseSettings(supabase="env:A", report_dir=report_dir, **asked)
    for command in (*(each.command for each in ALL), "sync"):
        line = made.command_line(command)
        known = {flag for option in main.commands[command].params for flag in option.opts}
        assert {word for word in shlex.split(line) if word.startswith("--")} <= known, line
        assert ("--api-url https://server.example --api-token env:USER_JWT" in line) is (
            command in ("diagnose", "verify")
        )
        assert (f"--report-dir {shlex.quote(given)}" in line) is (bool(given) and command != "sync")
    assert verify_command(made) == made.command_line("verify")


@pytest.mark.parametrize("url", ["https://h.example?token=s3cret", "https://h.example/#s3cret", "https://u:s3cret@h"])
def test_a_servers_url_holds_no_secret_and_no_query(url: str) -> None:
    assert "s3cret" not in refusal(VerifySettings, api_url=url)


def test_address_without_http_is_shown_and_says_what_it_lacks() -> None:
    refused = refusal(VerifySettings, api_url="127.0.0.1:43099")
    assert refused.startswith("parameter 'api_url', got '127.0.0.1:43099': expected http://… or https://…, ")


@pytest.mark.parametrize(
    ("path", "found"), [("~/r", "/home/Zoë/r"), ("~", "/home/Zoë"), ("~nobody-of-that-name/r", None)]
)
def test_a_path_of_a_parameter_begins_at_home(path: str, found: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/Zoë")
    made = RepairSettings.given({"report_dir": path, "plan": path})
    assert (str(made.report_folder), made.plan) == (found or path, found or path)
