"""The guard: a trigger that gives new rows their agent's id until the fixed server is deployed."""

import re
from importlib import resources
from typing import Literal

import psycopg
from pydantic import BaseModel

from toolkit import sql
from toolkit.database.shapes import refuse_writes
from toolkit.database.transactions import Connection, row, writing
from toolkit.errors import RefusedError

EFFECTS = (resources.files("toolkit") / "guard.txt").read_text(encoding="utf-8")
"""The guard's effects and limits, as help and notebook quote them."""
NEEDS = "It is installed and removed by the owner of langgraph_server.assistants, who needs CREATE on that schema."

_INSTALL = ("guard_function", "guard_trigger")
_REMOVE = ("drop_guard",)


class GuardNotAllowedError(RefusedError):
    """A role that may not install or remove the guard."""

    remedy = (
        "nothing was changed; connect as the owner of langgraph_server.assistants, with CREATE on its schema, to the "
        "primary server, or give what the same command prints without --apply to somebody who can"
    )


class GuardChangedError(RefusedError):
    """A trigger or function of the guard's name that differs from the guard."""

    remedy = (
        "nothing was changed; look at the trigger of the guard's name, remove it with `guard remove --apply`, then "
        "install the guard"
    )


class GuardLockError(RefusedError):
    """A lock on the assistants' table that the guard did not get."""

    remedy = "nothing was changed, and nobody was kept waiting; try again in a moment"


State = Literal["absent", "installed", "disabled", "changed"]


class Guard(BaseModel, frozen=True):
    """The state of the trigger and function with the guard's names."""

    state: State
    """`changed`: the trigger or the function differs from this version's."""
    can_change: bool
    """Whether this role may install and remove it."""
    role: str


def status(connection: Connection) -> Guard:
    """Return the guard's state; this only reads.

    Raises:
        ShapeError: if langgraph_server.assistants is not there, is no table, or has a column of another type.
    """
    refuse_writes(None, connection, ("sync",))
    return _found(connection)


def _found(connection: Connection) -> Guard:
    return Guard(**row(connection, "guard", function=_body("guard_function")))


def install_sql() -> str:
    """Return the SQL of `install`, for any SQL editor."""
    return _script(_INSTALL)


def remove_sql() -> str:
    """Return the SQL of `remove`, for any SQL editor."""
    return _script(_REMOVE)


def install(connection: Connection) -> bool:
    """Install the guard in one transaction; return False if it is installed already.

    Raises:
        ShapeError: as `status`.
        GuardNotAllowedError: if the role may not install it, or could not remove it again.
        GuardChangedError: if another trigger or function has its name, or it was changed or disabled.
        GuardLockError: if another transaction holds the table for more than half a second, or installs the guard.
    """
    return _change(connection, _INSTALL, "installed")


def remove(connection: Connection) -> bool:
    """Remove the trigger and the function in one transaction; return False if there is neither.

    Raises:
        GuardNotAllowedError: if the role may not remove them.
        GuardChangedError: if another object depends on the function.
        GuardLockError: if another transaction holds the table for more than half a second.
    """
    return _change(connection, _REMOVE, "absent")


def _change(connection: Connection, statements: tuple[str, ...], wanted: State) -> bool:
    found = status(connection) if wanted == "installed" else _found(connection)
    if not found.can_change:
        raise GuardNotAllowedError(f"role {found.role!r} may not change the triggers of langgraph_server.assistants")
    if found.state == wanted:
        return False
    if wanted == "installed" and found.state != "absent":
        raise GuardChangedError(f"the guard is there, but {found.state}")
    try:
        with writing(connection):
            for name in statements:
                connection.execute(sql.statement(name))
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        raise GuardLockError("another transaction holds langgraph_server.assistants, or installs the guard") from None
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction) as error:
        raise GuardNotAllowedError(str(error.diag.message_primary)) from None
    except psycopg.errors.DependentObjectsStillExist as error:
        raise GuardChangedError(str(error.diag.message_detail)) from None
    return True


def _script(statements: tuple[str, ...]) -> str:
    bodies = [_body(name) for name in statements]
    return "".join(f"{line};\n" for line in ("BEGIN", "SET LOCAL lock_timeout = '500ms'", *bodies, "COMMIT"))


def _body(name: str) -> str:
    """Return the statement without the comment above it."""
    return re.sub(r"\A(--.*\n)*", "", sql.statement(name))
