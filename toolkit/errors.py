"""What can go wrong, and what to do about it?"""


class ToolkitError(Exception):
    """something in the toolkit went wrong: the report names the step, please file it as a bug"""

    exit_status = 1

    def __init__(self, detail: str = "") -> None:
        """Join the `detail` (what, with the bad value) and the class's docstring (what to do)."""
        remedy = " ".join((type(self).__doc__ or "").split())
        super().__init__(f"{detail}: {remedy}" if detail else remedy)


class RefusedError(ToolkitError):
    """refused, and nothing was done"""

    exit_status = 3


class ParameterError(RefusedError):
    """correct the parameter and run again; nothing was connected to or changed"""
