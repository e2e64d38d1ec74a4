"""Kinds of findings: what each counts, means, and needs."""

from typing import Literal, get_args

from pydantic import BaseModel

Kind = Literal[
    "conflict", "hidden", "wrong_id", "missing", "duplicate", "not_written_back", "stray", "dangling_reference",
    "drift", "orphan", "misrouted",
]  # fmt: skip
"""The kinds of findings; each fact counts once, under the first that fits."""

KINDS: tuple[Kind, ...] = get_args(Kind)


class Explained(BaseModel, frozen=True):
    """A kind of finding, in words for somebody who has never seen this project."""

    counts: str
    """What one finding of it is."""
    means: str
    users: str
    remedy: str
    if_nobody: str = ""
    """What follows where nobody acts, of a kind that a repair may leave."""

    @property
    def consequence(self) -> str:
        """That as a sentence to go on with; empty where nobody can act."""
        return f" If nobody does: {self.if_nobody}." if self.if_nobody else ""


_KINDS: dict[Kind, Explained] = {
    "conflict": Explained(
        counts="agent",
        means="somebody else's row holds this agent's id with other content",
        users="users of the agent get that content instead of the agent's, or 404",
        remedy="nothing by itself: you look at the row and its owner first. repair --allow conflict:<agent id> then gives it to the system with the"
        " agent's content; its owner loses it, and the journal keeps it",
        if_nobody="users of the agent go on getting that content, or 404, and the agent's copies wait",
    ),
    "hidden": Explained(
        counts="agent",
        means="the right row is there, but a user owns it",
        users="everybody but that user gets 404, and a bare assistant with the wrong model and no tools",
        remedy="repair gives the row to the system",
    ),
    "wrong_id": Explained(
        counts="agent",
        means="the agent's assistant is stored under another id than the agent's",
        users="GET /assistants/{agent id} answers 404, and the front end falls back to a bare assistant with the wrong model and no tools",
        remedy="repair gives the newest copy the agent's id, with its content and age",
    ),
    "missing": Explained(
        counts="agent",
        means="the agent has no assistant at all",
        users="GET /assistants/{agent id} answers 404, and the front end falls back to a bare assistant with the wrong model and no tools",
        remedy="repair makes it from what Supabase says; an agent that is no global one gets it when it is first asked for",
        if_nobody="such an agent has none until then, and needs none",
    ),
    "duplicate": Explained(
        counts="row",
        means="a further copy of an agent's assistant, left by a restart of the server",
        users="nothing by itself; conversations that began on it hang on a row that the agent does not use",
        remedy="repair moves what names it to the agent's assistant, then removes the row, which stays in the journal",
    ),
    "not_written_back": Explained(
        counts="agent",
        means="agents.langgraph_assistant_id names another assistant than the agent's",
        users="the front end asks for an id that is not the agent's",
        remedy="repair writes the agent's id there, if nobody has changed it since",
    ),
    "stray": Explained(
        counts="row",
        means="a user's assistant stands where an agent's ought to: a bare fallback, or a copy that names an agent",
        users="conversations on it run with the wrong model and no tools",
        remedy="repair moves the conversations that were with an agent, as their threads say, to that agent; the row stays its user's, who may"
        " delete it",
        if_nobody="it lies there, with the conversations that nothing gives to an agent; the front end asks for the agent again, not for it",
    ),
    "dangling_reference": Explained(
        counts="reference",
        means="a row names an assistant that does not exist",
        users="what is opened from that row fails",
        remedy="repair moves it where an earlier repair's id map, or the id itself, tells whom it meant; else whoever knows its row corrects or"
        " deletes it",
        if_nobody="what is opened from that row goes on failing",
    ),
    "drift": Explained(
        counts="agent",
        means="name, graph or config differ from what Supabase says",
        users="where the agent can be reached: what differs is older; elsewhere they see the 404 of the other finding",
        remedy="the server's next sync writes it, at its start or before the agent is served, so repair leaves it; to write it now: repair --allow drift",
        if_nobody="until that sync users get what differs as it is stored, of a repaired agent as its newest copy has it",
    ),
    "orphan": Explained(
        counts="row",
        means="an assistant of the system whose agent is deleted, disabled or unknown",
        users="nothing: no agent leads to it",
        remedy="repair leaves it, since old conversations may hang on it; to remove it: repair --allow orphan",
        if_nobody="it lies there, and nobody sees it",
    ),
    "misrouted": Explained(
        counts="conversation",
        means="a conversation ran under another agent's id",
        users="they got the answers of the row that holds that id: the other agent's own or, of a conflict, somebody else's",
        remedy="nothing: it is over",
    ),
}


def explained(kind: Kind) -> Explained:
    """Tell what a kind of finding means, what users see of it, and what repairs it."""
    return _KINDS[kind]
