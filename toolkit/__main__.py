"""The command `assistant-toolkit`."""

import os
import signal
import sys
from importlib.machinery import PathFinder


def main() -> None:
    """Run the command line, or say which extra it needs."""
    _open_what_is_closed()
    for name in {"SIGTERM", "SIGHUP"} & set(dir(signal)):  # Windows lacks the second, and nohup ignores it
        if signal.getsignal(number := getattr(signal, name)) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)  # as Ctrl-C: with a report, and no kernel left
    _say_if_of_the_working_directory()
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr] # not every terminal has a ✓
    try:
        from toolkit.cli import main as command_line

        command_line(prog_name="assistant-toolkit")
    except KeyboardInterrupt:  # while it imports
        sys.exit("Aborted!")
    except ModuleNotFoundError as missing:
        sys.exit(
            f"the commands need {str(missing.name).partition('.')[0]}: in a clone, pip install '.[notebooks,server]'"
        )


def _open_what_is_closed() -> None:
    """Open a stream that was closed, as by `>&-`: the next file would take its place, and a kernel needs it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115 - until the end
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)


def _say_if_of_the_working_directory() -> None:
    """Warn when `python -m toolkit` runs a copy that the working directory holds, and another one is installed."""
    installed = PathFinder.find_spec("toolkit", sys.path[1:]) if sys.argv[0] == __file__ else None
    other = installed.origin if installed else None
    if other and other != __file__.replace("__main__", "__init__"):
        print(
            f"python -m toolkit runs the copy in the working directory; assistant-toolkit runs {other!r}",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
