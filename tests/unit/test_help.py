"""The help: commands in the order of the work, each with examples that its options allow."""

import re
import shlex

import click
import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.notebooks.group import WORK


def test_commands_stand_in_the_order_of_the_work() -> None:
    assert set(WORK) == set(main.commands)
    shown = CliRunner().invoke(main, ["--help"], terminal_width=80).output
    assert re.findall(r"^  ([a-z]+) +[A-Z]", shown.split("Commands:")[1], re.MULTILINE) == list(WORK)
    assert "..." not in shown.split("Commands:")[1]


@pytest.mark.parametrize("name", WORK)
def test_every_help_ends_with_two_examples_and_the_exit_statuses(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"], terminal_width=200).output
    examples = re.findall(r"^ +assistant-toolkit (.+)$", shown, re.MULTILINE)
    assert len(examples) == 2
    assert shown.rstrip().endswith("3 refused, nothing done; 1 broken.")
    for example in examples:
        words = shlex.split(example.split(">")[0])
        command: click.Command = main
        while isinstance(command, click.Group):
            command = command.commands[words.pop(0)]
        command.make_context(command.name, words)
