"""The command `python -m toolkit`, which is also `assistant-toolkit`."""

import sys


def main() -> None:
    """Run the command line, or say which extra it needs."""
    try:
        from toolkit.cli import main as command_line

        command_line(prog_name="python -m toolkit" if sys.argv[0].endswith("__main__.py") else None)
    except ModuleNotFoundError as missing:
        sys.exit(
            f"the commands need {str(missing.name).partition('.')[0]}: in a clone, pip install '.[notebooks,server]'"
        )


if __name__ == "__main__":
    main()
