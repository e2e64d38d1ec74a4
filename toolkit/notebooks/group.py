"""The group of all commands: their order, examples and errors."""

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from toolkit.errors import ParameterError, RefusedError, ToolkitError
from toolkit.escaping import terminal

WORK = {
    "diagnose": ("", "--quick --json"),
    "repair": ("", "--apply --plan FILE --digest HEX"),
    "verify": ("", "--api-url https://your-server.example --api-token env:USER_JWT"),
    "undo": ("--run run-1", "--run run-1 --apply --supabase env:SUPABASE_DB_URL"),
    "sync": ("", "--apply --supabase env:SUPABASE_DB_URL"),
    "guard": ("install", "status --langgraph env:LANGGRAPH_DB_URL"),
    "fleet": ("diagnose targets.toml", "diagnose targets.toml --pages none"),
    "grants": ("reader", "repairer --supabase env:SUPABASE_DB_URL"),
    "indexes": ("", "> indexes.sql"),
    "lab": ("", "--supabase env:SUPABASE_DB_URL"),
    "serve": ("", "--port 0 --langgraph sandbox:repaired"),
    "demo": ("", "--report-dir /tmp/reports"),
    "sandbox": ("reset used", "stop"),
}
"""Each command in the order of the work, with what follows its name in two examples."""

STATUSES = "Exit status: 0 clean, repaired or undone; 2 mismatches found or left; 3 refused, nothing done; 1 broken."


class Commands(click.Group):
    """A group of commands that shows a toolkit error in one line, and exits with the error's status."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse an empty value, as `--plan "$PLAN"` has where the variable is unset: it would mean a default."""
        ours = [] if args[:1] == ["lab"] else args  # Jupyter's options may be empty
        for before, value in pairwise(["", *ours]):
            if not value or (value.startswith("--") and value.endswith("=")):
                option = value.rstrip("=") or before or "an argument"
                raise click.UsageError(
                    f"{option} has an empty value: is a variable unset? Leave it out, or name one.", ctx
                )
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the work."""
        return list(WORK)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command with its examples, and the exit statuses, below its help."""
        examples = WORK[str(name or cmd.name)]
        lines = "".join(f"  assistant-toolkit {cmd.name} {example}".rstrip() + "\n" for example in examples)
        cmd.epilog = f"\b\nExamples:\n{lines}\n{STATUSES}"
        super().add_command(cmd, name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            _refuse_removed_folder()
            return super().invoke(ctx)
        except ToolkitError as error:
            click.echo(terminal(f"✗ {'REFUSED' if isinstance(error, RefusedError) else 'BROKEN'}: {error}"), err=True)
            sys.exit(error.exit_status)


def _refuse_removed_folder() -> None:
    try:
        Path.cwd()
    except OSError as error:
        raise ParameterError(f"the working directory is gone ({error.strerror}): change to another one") from None
