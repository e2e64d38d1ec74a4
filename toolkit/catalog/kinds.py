"""Kinds of findings: one row of one table for each, with what the other modules need to know of it."""

from collections.abc import Callable
from typing import Literal, get_args

from pydantic import BaseModel

LostAt = Literal["stored under that id", "written back", "GET /assistants/{id}"]
"""Stations of an agent's id on its way to the front end, in this order. A lost id does not reach the last one."""

Invariant = Literal[
    "every agent has an assistant under its own id",
    "that assistant is the system's, readable by everybody",
    "no agent has a further copy",
    "every write-back names the agent's assistant",
]
"""What a verification proves, in this order."""

WAITS = "waits until the agent has an assistant under its id"


class Explained(BaseModel, frozen=True):
    """A kind of finding: its words for people, and what follows from it in other modules.

    No field has a default: whoever adds a kind decides each of them.
    """

    unit: str
    """What one finding counts: `agent`, `row`, `reference` or `conversation`."""
    means: str
    users: str
    """What users see."""
    remedy: str
    left: str
    """Why a plan leaves the finding, unless its evidence or `--only` gives the reason."""
    if_nobody: str | None
    """What follows where nobody acts; None: nothing, or a repair of everything leaves none."""
    lost_at: LostAt | None
    """Where the agent's id gets lost on its way to `GET /assistants/{id}`; None: it arrives."""
    breaks: Invariant | None
    stays: Literal["unless its kind is allowed", "unless its agent is allowed", "always"] | None
    """Whether the finding is still there after a repair, and what `--allow` must name; None: a repair mends it."""
    about: Literal["a user's row", "a copy"] | None
    """Whose row it is: one that a user made or got, or one that the broken server left under a random id."""

    @property
    def consequence(self) -> str:
        """What follows where nobody acts, as a sentence to append; empty where nothing does."""
        return f" If nobody acts: {self.if_nobody}." if self.if_nobody else ""


_BARE_404 = (
    "GET /assistants/{agent id} answers 404. The front end falls back to a bare assistant with the wrong model and"
    " no tools"
)

# Each row is one paragraph; the formatter would give every word of it a line.
# fmt: off
Kind = Literal[
    "conflict", "hidden", "wrong_id", "missing", "duplicate", "not_written_back", "stray", "dangling_reference",
    "drift", "orphan", "misrouted",
]
"""The kinds of findings; each fact counts once, under the first that fits."""

_KINDS: dict[Kind, Explained] = {
    "conflict": Explained(
        unit="agent", means="a row of another owner holds this agent's id, with other content",
        users="they get that content instead of the agent's, or 404",
        remedy="nothing, until you look at the row and its owner. Then repair --allow conflict:<agent id> gives it"
        " to the system with the agent's content. Its owner loses it; the journal keeps it",
        left="a row of another owner holds the agent's id. Look at it and its owner. Then --allow conflict:<agent id>"
        " gives it to the system",
        if_nobody="users still get that content, or 404. The agent's copies wait",
        lost_at="stored under that id", breaks="that assistant is the system's, readable by everybody",
        stays="unless its agent is allowed", about="a user's row",
    ),
    "hidden": Explained(
        unit="agent", means="the right row is there, but a user owns it",
        users="all but that user get 404, and a bare assistant with the wrong model and no tools",
        remedy="repair gives the row to the system", left="its content cannot be written as JSON", if_nobody=None,
        lost_at="GET /assistants/{id}", breaks="that assistant is the system's, readable by everybody",
        stays=None, about="a user's row",
    ),
    "wrong_id": Explained(
        unit="agent", means="the agent's assistant is stored under another id than the agent's", users=_BARE_404,
        remedy="the fixed store's start makes the agent's assistant, and repair then removes the copies. Where no sync"
        " did that, repair gives the newest copy the agent's id, with its content and age", left="not named by --only",
        if_nobody=None, lost_at="stored under that id", breaks="every agent has an assistant under its own id",
        stays=None, about="a copy",
    ),
    "missing": Explained(
        unit="agent", means="the agent has no assistant at all", users=_BARE_404,
        remedy="repair makes it from what Supabase says. An agent that is not global gets it when it is first opened",
        left="its content cannot be written as JSON, or it is synced on demand",
        if_nobody="the agent gets its assistant when it is first opened",
        lost_at="stored under that id", breaks="every agent has an assistant under its own id", stays=None, about=None,
    ),
    "duplicate": Explained(
        unit="row", means="a further copy of an agent's assistant, left by a restart of the server",
        users="nothing",
        remedy="repair moves what names it to the agent's assistant, then removes the row. The journal keeps it",
        left=WAITS, if_nobody=None, lost_at=None, breaks="no agent has a further copy", stays=None, about="a copy",
    ),
    "not_written_back": Explained(
        unit="agent", means="agents.langgraph_assistant_id names another assistant than the agent's",
        users="the front end asks for an id that is not the agent's",
        remedy="repair writes the agent's id there, if nobody has changed it since", left=WAITS, if_nobody=None,
        lost_at="written back", breaks="every write-back names the agent's assistant", stays=None, about=None,
    ),
    "stray": Explained(
        unit="row",
        means="a user's assistant in place of an agent's: a bare fallback, or one whose metadata names an agent",
        users="conversations on it run with the wrong model and no tools",
        remedy="repair moves a conversation or cron to the agent that the evidence names. The row stays with its user,"
        " who may delete it",
        left="a user's own row: it stays",
        if_nobody="it stays. So do conversations on it that no evidence gives to an agent, if there are any. The front"
        " end asks for the agent, not for it",
        lost_at=None, breaks=None, stays="always", about="a user's row",
    ),
    "dangling_reference": Explained(
        unit="reference", means="a row names an assistant that does not exist",
        users="what is opened from that row fails",
        remedy="repair moves it where an earlier repair's id map, or the id itself, says which agent it meant."
        " Otherwise somebody who knows the row corrects or deletes it",
        left="no row says which agent it meant", if_nobody="what is opened from that row still fails",
        lost_at=None, breaks=None, stays=None, about=None,
    ),
    "drift": Explained(
        unit="agent", means="name, graph or config differ from what Supabase says",
        users="other content than Supabase has, where the agent can be reached",
        remedy="the fixed server's next sync writes it, at its start or before the agent is served. So repair leaves"
        " it. To write it now: repair --allow drift",
        left="the server's next sync writes it. To write it now: --allow drift",
        if_nobody="until that sync, users who reach the agent get the stored content. After a repair that may be a"
        " copy's",
        lost_at=None, breaks=None, stays="unless its kind is allowed", about=None,
    ),
    "orphan": Explained(
        unit="row", means="an assistant of the system whose agent is deleted, disabled or unknown",
        users="nothing: no agent leads to it",
        remedy="repair leaves it, since old conversations may name it. To remove it: repair --allow orphan",
        left="its agent is not in use any more. To remove it: --allow orphan",
        if_nobody="it stays, and nobody sees it",
        lost_at=None, breaks=None, stays="unless its kind is allowed", about=None,
    ),
    "misrouted": Explained(
        unit="conversation", means="a conversation ran under another agent's id",
        users="they got the answers of the row that holds that id: the other agent's, or those of a conflict",
        remedy="nothing: it is over", left="it ran under another agent's id and is over. Nothing needs to be done",
        if_nobody=None, lost_at=None, breaks=None, stays="always", about=None,
    ),
}
# fmt: on

KINDS: tuple[Kind, ...] = get_args(Kind)


def explained(kind: Kind) -> Explained:
    """Return the row of a kind."""
    return _KINDS[kind]


def such(holds: Callable[[Explained], object]) -> tuple[Kind, ...]:
    """Return the kinds whose row fulfils a condition, in the table's order: `such(lambda row: row.lost_at)`."""
    return tuple(kind for kind, row in _KINDS.items() if holds(row))


ALLOWABLE = (
    *such(lambda row: row.stays == "unless its kind is allowed"),
    *(f"{kind}:<agent id>" for kind in such(lambda row: row.stays == "unless its agent is allowed")),
)
"""What `--allow` takes, as it is typed."""

COPIES = such(lambda row: row.about == "a copy")
OF_USERS = such(lambda row: row.about == "a user's row")
LOST = such(lambda row: row.lost_at)
HELD = such(lambda row: row.breaks == "that assistant is the system's, readable by everybody")
"""Kinds where another's row holds the agent's id."""
UNREACHED = (*HELD, *such(lambda row: row.breaks == "every agent has an assistant under its own id"))
"""Kinds where the agent's id leads to no assistant of its own. The agent's other steps wait for one of these."""
