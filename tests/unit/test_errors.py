"""Errors: what is wrong, then what to do, in every class and every mode of Python."""

import importlib
import pickle
import pkgutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

import toolkit
from toolkit.errors import ToolkitError


def _error_classes(base: type[ToolkitError]) -> Iterator[type[ToolkitError]]:
    yield base
    for child in base.__subclasses__():
        yield from _error_classes(child)


def _all_error_classes() -> list[type[ToolkitError]]:
    for module in pkgutil.walk_packages(toolkit.__path__, "toolkit."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return sorted((error for error in _error_classes(ToolkitError) if error.__module__.startswith("toolkit.")), key=str)


@pytest.mark.parametrize("error", _all_error_classes(), ids=lambda error: error.__name__)
def test_error_class_says_what_it_is_and_what_to_do(error: type[ToolkitError]) -> None:
    own = vars(error)

    assert own["remedy"] == " ".join(own["remedy"].split())
    assert not own["remedy"].endswith((".", ":"))
    assert own["__doc__"][0].isupper()
    assert own["__doc__"].endswith(".")


def test_remedy_follows_the_detail() -> None:
    class LostError(ToolkitError):
        """A thing that is lost."""

        remedy = "look for it"

    assert str(LostError("'keys' are lost")) == "'keys' are lost: look for it"
    assert str(LostError()) == "look for it"


def test_an_error_that_another_process_raised_says_the_same() -> None:
    raised = ToolkitError("a\nb is lost")
    arrived = pickle.loads(pickle.dumps(raised))  # noqa: S301 - it was made here
    assert (str(arrived), arrived.detail) == (str(raised), raised.detail)


def test_remedy_is_printed_without_docstrings() -> None:
    refused = subprocess.run(
        [sys.executable, "-OO", "-c", "from toolkit.identifiers import canonical; canonical('a/b')"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.stderr.endswith(
        "InvalidIdentifierError: assistant_id is 'a/b' of 3 characters: "
        "an assistant id is a UUID, or 1 to 255 printable characters without '/', '?', '#' or space around it\n"
    )
