"""The README and docs/, compared with the commands, options, kinds, scenarios and files that exist."""

import importlib.util
import re
import subprocess
from pathlib import Path

import click
import nbformat
import pytest

from tests.constants import README, ROOT
from toolkit.cli import main
from toolkit.sandbox import scenarios

PAGES = {
    str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
    for file in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
}

RUNBOOK = "\n".join(
    cell.source for cell in nbformat.read(ROOT / "notebooks" / "00-start-here.ipynb", as_version=4).cells
)

NIGHTLY = (ROOT / ".github" / "workflows" / "diagnose.yml").read_text()

MOST_LINES = 160


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= MOST_LINES


def test_every_command_is_in_the_readme_and_nothing_else_is() -> None:
    table = re.findall(r"^\| `([a-z]+)` \|", README.split("| command |")[1].split("| exit status |")[0], re.MULTILINE)
    assert sorted(table) == sorted(main.commands)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("\n".join(PAGES.values()), set(main.commands)),
        (RUNBOOK, {"diagnose", "repair", "verify", "undo"}),
        (NIGHTLY, {"diagnose"}),
    ],
    ids=["README and docs", "runbook", "nightly workflow"],
)
def test_every_option_that_is_written_is_one_of_its_command(text: str, named: set[str]) -> None:
    used = re.findall(r"(?:python -m toolkit|assistant-toolkit) ([a-z]+)((?:[^\n`]|\\\n)*)", text)
    assert {command for command, _ in used} >= named - {"serve", "lab", "sandbox"}
    for name, line in used:
        command = main.commands[name]
        while isinstance(command, click.Group) and (words := line.split()) and words[0] in command.commands:
            command, line = command.commands[words[0]], line.split(words[0], 1)[1]
        known = {flag for parameter in command.params if isinstance(parameter, click.Option) for flag in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", line.split("#")[0])) <= known | {"--help"}, (name, line)


def test_the_page_of_the_findings_is_made_from_the_kinds() -> None:
    made = importlib.util.spec_from_file_location("make", ROOT / "docs" / "make.py")
    assert made
    assert made.loader
    module = importlib.util.module_from_spec(made)
    made.loader.exec_module(module)
    assert PAGES["docs/findings.md"] == module.findings(), "make docs writes it"


def test_what_the_pages_say_to_write_in_a_clone_is_ignored_by_git() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("no clone")
    said = "\n".join([*PAGES.values(), RUNBOOK])
    files = {
        *re.findall(r"(?:--file|>>?) (\w+\.(?:dump|sql|log))\b", said),
        *re.findall(r"papermill \S+ (\w+\.ipynb)", said),
    }
    files.discard("indexes.sql")  # it holds no data
    assert files >= {"agents.dump", "assistants.dump", "supabase.sql", "restored.log", "night.ipynb"}
    ran = subprocess.run(["git", "check-ignore", *files], cwd=ROOT, capture_output=True, text=True, check=False)
    assert set(ran.stdout.split()) == files, "git add -A would commit customers' data"


def test_readme_and_runbook_have_the_same_steps_and_the_same_backup() -> None:
    steps = re.findall(r"^\*\*(\d)\. ", README, re.MULTILINE)
    assert sorted(re.findall(r"^## (\d)\. ", RUNBOOK, re.MULTILINE)) == steps
    (backup,) = re.findall(r"^\(umask 077.*?&&\n(?=assistant-toolkit)", README, re.MULTILINE | re.DOTALL)
    assert backup in RUNBOOK


def test_every_scenario_is_in_the_readme() -> None:
    for scenario in scenarios.SCENARIOS:
        assert f"`sandbox:{scenario}`" in README


def test_the_runbook_names_files_that_are_there_and_no_heading() -> None:
    named = set(re.findall(r"`(docs/[^`…]+)`", RUNBOOK))
    assert named >= {"docs/databases.md", "docs/grants.md", "docs/server.md"}
    assert named <= set(PAGES)
    assert "README" not in RUNBOOK, "its headings change, and a copy in JupyterLab stands far from it"


LINKED = PAGES | {
    f"notebooks/{file.name}": "\n".join(cell.source for cell in nbformat.read(file, as_version=4).cells)
    for file in sorted((ROOT / "notebooks").glob("*.ipynb"))
}


@pytest.mark.parametrize("page", LINKED)
def test_every_link_leads_to_a_file_and_its_heading(page: str) -> None:
    links = re.findall(
        r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", re.sub(r"```.*?```", "", LINKED[page], flags=re.DOTALL)
    )
    for path, heading in links:
        file = ROOT / Path(page).parent / path if path else ROOT / page
        assert file.exists(), path
        if heading:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}, heading
