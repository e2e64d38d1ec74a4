"""The README, compared with the commands, options, kinds and scenarios that exist."""

import re

import click
import nbformat
import pytest

from tests.constants import README, ROOT
from toolkit.catalog.kinds import KINDS
from toolkit.cli import main
from toolkit.sandbox import scenarios

RUNBOOK = "\n".join(
    cell.source for cell in nbformat.read(ROOT / "notebooks" / "00-start-here.ipynb", as_version=4).cells
)

NIGHTLY = (ROOT / ".github" / "workflows" / "diagnose.yml").read_text()


def test_every_command_is_in_the_readme_and_nothing_else_is() -> None:
    table = re.findall(r"^\| `([a-z]+)` \|", README.split("| command |")[1].split("| exit status |")[0], re.MULTILINE)
    assert sorted(table) == sorted(main.commands)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (README, {"diagnose", "repair", "verify", "undo"}),
        (RUNBOOK, {"diagnose", "repair", "verify", "undo"}),
        (NIGHTLY, {"diagnose"}),
    ],
    ids=["README", "runbook", "nightly workflow"],
)
def test_every_option_that_is_written_is_one_of_its_command(text: str, named: set[str]) -> None:
    used = re.findall(r"(?:python -m toolkit|assistant-toolkit) ([a-z]+)((?:[^\n`]|\\\n)*)", text)
    assert {command for command, _ in used} >= named
    for name, line in used:
        command = main.commands[name]
        while isinstance(command, click.Group) and (words := line.split()) and words[0] in command.commands:
            command, line = command.commands[words[0]], line.split(words[0], 1)[1]
        known = {flag for parameter in command.params if isinstance(parameter, click.Option) for flag in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", line)) <= known, (name, line)


def test_every_kind_and_every_scenario_is_in_the_readme() -> None:
    assert re.findall(r"^\| `([a-z_]+)` \|", README.split("## What is found")[1].split("##")[0], re.MULTILINE) == list(
        KINDS
    )
    for scenario in scenarios.SCENARIOS:
        assert f"`sandbox:{scenario}`" in README
