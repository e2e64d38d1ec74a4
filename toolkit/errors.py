"""Errors, each with what to do about it."""

from toolkit.escaping import visible


class ToolkitError(Exception):
    """A failure of the toolkit."""

    remedy = "something in the toolkit went wrong: the report names the step, please file it as a bug"
    exit_status = 1

    def __init__(self, detail: str = "") -> None:
        """Keep the `detail`: what is wrong, with the bad value."""
        super().__init__(detail)  # with which another process makes the error again
        self.detail = detail

    def __str__(self) -> str:
        """Join the detail and the class's `remedy` (what to do)."""
        joined = " " if self.detail.endswith("?") else ": "
        return f"{visible(self.detail)}{joined}{self.remedy}" if self.detail else self.remedy

    def _render_traceback_(self) -> list[str]:
        # IPython's hook: a notebook shows what is wrong and what to do in one line, and no frame with its values
        return [f"{type(self).__name__}: {self}"]


class RefusedError(ToolkitError):
    """A request that the toolkit declines before it does anything."""

    remedy = "refused, and nothing was done"
    exit_status = 3


class ParameterError(RefusedError):
    """A parameter that cannot be used as given."""

    remedy = "correct the parameter and run again; nothing was changed"


class InvalidAssistantError(ToolkitError, ValueError):
    """A value that an assistant cannot hold."""

    remedy = "correct the value and try again"


class MismatchError(ToolkitError):
    """A run that ends with findings still open."""

    remedy = "the expected end where something is open; the report above is whole and says what to do next"
    exit_status = 2


def exit_status_of(name: str) -> int | None:
    """Return the exit status of the error class called `name`; None for one that is not ours."""
    classes = [ToolkitError]
    for error in classes:
        classes += error.__subclasses__()
    return next((error.exit_status for error in classes if error.__name__ == name), None)
