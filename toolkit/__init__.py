"""The calls of a notebook or a script: diagnose, plan, apply, verify, undo, and an engine to ask for yourself.

Each is imported when it is first used: a server that imports `toolkit.store` loads none of it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.database.engine import engine
    from toolkit.notebooks.calls import apply, diagnose, plan, undo, verify

__version__ = "0.1.0"
__all__ = ["apply", "diagnose", "engine", "plan", "undo", "verify"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        from toolkit.phrases import closest

        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; {closest(name, __all__)}")
    if name == "engine":
        from toolkit.database.engine import engine

        return engine
    from toolkit.notebooks import calls

    return getattr(calls, name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
