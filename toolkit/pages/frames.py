"""Frames of a diagnosis: agents, findings, conversations, users and organizations, to filter, group and plot."""

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, LiteralString

from toolkit import phrases, sql
from toolkit.catalog.kinds import COPIES, LOST, Kind
from toolkit.catalog.places import CONTENTS, RELATIONS, over_places, visible_places
from toolkit.database.connection import Pair, connected
from toolkit.database.snapshot import comparing
from toolkit.database.transactions import IN_BULK, Connection, reading
from toolkit.diagnosis.exposure import organization_names
from toolkit.diagnosis.findings import LINKS, Finding
from toolkit.errors import ParameterError
from toolkit.identifiers import parse_uuid
from toolkit.pages.result import Result, frame
from toolkit.repair import changes
from toolkit.settings import DiagnoseSettings

if TYPE_CHECKING:
    import pandas

# fmt: off
_TEXTS = (
    "kind", "state", "agent", "organization", "agent_id", "organization_id", "assistant_id", "owner", "kept_id",
    "canonical_id", "link", "names_agent", "write_back", "place", "agent_is", "ran_on_agent", "startup_sync", "problem",
)
FINDING_COLUMNS = (
    *_TEXTS, "count", "since", "is_empty", "differs", "columns", "conversations_of", "crons_of", "undecided_crons",
    "cron_users", "contradicted", "threads",
)
# fmt: on
"""The columns of the frame `findings`; `threads` has the first conversation of each agent."""

_DTYPES = {
    **dict.fromkeys((*_TEXTS, "user", "thread_id"), "string"),
    **dict.fromkeys(("differs", "columns", "conversations_of", "crons_of", "cron_users", "threads"), "object"),
    **dict.fromkeys(("count", "undecided_crons", "contradicted", "rows", "agents"), "Int64"),
    **dict.fromkeys(("copies", "conversations", "memories", "crons", "memories_that_stay", "crons_that_stay"), "Int64"),
    **dict.fromkeys(("since", "began", "latest"), "datetime64[us, UTC]"),
    "is_empty": "boolean",
}
"""The type of each column, in every frame and also where no row has a value."""

_LISTED = 5
_WRONG: tuple[Kind, ...] = ("conflict", "wrong_id", "duplicate", "stray", "dangling_reference")
"""The kinds whose rows hold conversations that ought to be on an agent's own assistant."""


class Frames(Result[DiagnoseSettings]):
    """What was found, as DataFrames. pandas is imported when the first of them is asked for."""

    def __init__(self, pair: Pair, settings: DiagnoseSettings) -> None:
        super().__init__(pair, settings)
        self._names = organization_names(pair)

    @frame
    def findings(self) -> "pandas.DataFrame":
        """Every finding as a row, its evidence in columns: `since`, `owner`, `kept_id`, `threads`, …

        A million of them take 1.5 gigabytes of memory, and half a minute.
        """
        import pandas

        frame = pandas.DataFrame(map(self._finding, self._diagnosis.findings), columns=list(FINDING_COLUMNS))
        frame["since"] = pandas.to_datetime(frame["since"], utc=True, format="ISO8601")
        return typed(frame)

    def _finding(self, finding: Finding) -> dict[str, Any]:
        evidence = dict(finding.evidence)
        first = evidence.pop("first_thread", None)
        threads = list(first.values()) if isinstance(first, dict) else [first] if first else None
        row = evidence | dict(finding) | {"agent": finding.agent_name, "threads": threads}
        row |= {"state": "open" if finding.is_open else "noted", "link": LINKS.get(evidence.get("link", 0))}
        return row | {"organization": self._organization(finding.organization_id)}

    def _organization(self, organization_id: str | None) -> str | None:
        return self._names.get(organization_id or "", organization_id)

    @frame
    def agents(self) -> "pandas.DataFrame":
        """Every agent in scope as a row: whether its id leads to its assistant, and what is under wrong ids.

        `reachable` is as the tables say. `copies` are the system's rows under wrong ids. `conversations`, `memories`
        and `crons` are those on copies and on users' rows. Memories and crons of a row that serves several agents
        count for none; hidden places make them unknown, <NA>. `since` is the time of the first of all these.
        What the diagnosis did not keep is read from the databases when this is first asked for, so it may be newer.
        """
        import pandas

        found, talks = self.findings, self.conversations
        copies = found.loc[found["kind"].isin(COPIES), "agent_id"].value_counts()
        times = [found[["agent_id", "since"]], talks[["agent_id", "began"]].rename(columns={"began": "since"})]
        frame = self._everyone[self._everyone["in_scope"]].drop(columns="in_scope").reset_index(drop=True)
        frame["reachable"] = ~frame["agent_id"].isin(found.loc[found["kind"].isin(LOST), "agent_id"])
        counts = {"copies": copies, "conversations": talks["agent_id"].value_counts(), **self._held()}
        for name, counted in counts.items():
            frame[name] = pandas.NA if counted is None else counted.reindex(frame["agent_id"], fill_value=0).array
        frame["since"] = pandas.concat(times).groupby("agent_id")["since"].min().reindex(frame["agent_id"]).array
        return typed(frame)

    @frame
    def conversations(self) -> "pandas.DataFrame":
        """Every conversation on a wrong row: its agent, user, thread, and when it began and was last used.

        `kind` says what is wrong with the row, `assistant_id`. The agent is the one that the thread names, else the
        one whose copy it is, else unknown. Misrouted conversations are in `findings` only. Read from the databases
        when this is first asked for, so it may be newer than the diagnosis.
        """
        talks = self._on_wrong_rows[0].merge(self._everyone, on="agent_id", how="left")
        talks = talks[talks["agent_id"].isna() | talks["in_scope"].eq(True)].reset_index(drop=True)
        first = ["agent", "organization", "kind", "user", "began", "latest", "thread_id", "assistant_id"]
        return typed(talks[[*first, "agent_id", "organization_id"]])

    @frame
    def users(self) -> "pandas.DataFrame":
        """Every user to write to: with conversations on wrong rows, or with what no repair moves to an agent.

        `memories_that_stay` counts rows: their user has to say again what to remember. `crons_that_stay` have to be
        made again; where several users have crons on one row, they are unknown, <NA>.
        """
        import pandas

        talks, found = self.conversations, self.findings
        with connected(*self.settings.databases()) as pair:
            memories = pandas.DataFrame(changes.memories_by_user(pair, self._diagnosis), columns=["user", "rows"])
        crons = found[found["cron_users"].notna()]
        crons = crons.assign(rows=crons["undecided_crons"].where(crons["cron_users"].str.len() == 1))
        counts = {
            "conversations": talks["user"].value_counts(),
            "memories_that_stay": memories.set_index("user")["rows"],
            "crons_that_stay": crons.explode("cron_users").groupby("cron_users")["rows"].sum(skipna=False),
        }
        users = sorted(set[str]().union(*(column.index for column in counts.values())))
        frame = pandas.DataFrame({name: column.reindex(users, fill_value=0) for name, column in counts.items()}, users)
        whose = pandas.concat([talks, found.rename(columns={"owner": "user"})])[["user", "organization"]].dropna()
        named = whose.drop_duplicates().groupby("user")["organization"].agg(", ".join)
        frame.insert(0, "organization", named.reindex(users))
        return typed(frame.rename_axis("user").reset_index())

    @frame
    def organizations(self) -> "pandas.DataFrame":
        """Every organization of the frame `agents` as a row: its agents, how many are reachable, and their sums."""
        grouped = self.agents.groupby(["organization", "organization_id"], as_index=False)
        summed = ("reachable", "copies", "conversations", "memories", "crons")
        sums = {name: (name, lambda counts: counts.sum(skipna=False)) for name in summed}
        return typed(grouped.agg(agents=("agent_id", "size"), **sums, since=("since", "min"))).astype(
            {"reachable": "Int64"}
        )

    @frame
    def _everyone(self) -> "pandas.DataFrame":
        """Every agent, also those that are not in scope."""
        statement = sql.statement("agents_in_place", config_hash="config_unread")
        with connected(*self.settings.databases()) as pair, reading(pair.supabase, *IN_BULK):
            frame = _frame(pair.supabase, statement, self.settings.agents_in_scope.parameters)
        organization = frame["organization_id"].astype(str).map(self._organization)
        frame = typed(frame.assign(agent=frame["name"], organization=organization).astype({"in_scope": bool}))
        frame = frame[["agent", "organization", "agent_id", "organization_id", "in_scope"]]
        return frame.sort_values("agent_id", ignore_index=True)

    @frame
    def _wrong(self) -> "pandas.DataFrame":
        """Kind and owner of each wrong row, by its id, and whose copy it is; a stray is none, whatever it names."""
        found = self.findings
        rows = found[found["kind"].isin(_WRONG) & found["assistant_id"].notna()].drop_duplicates("assistant_id")
        rows = rows.set_index("assistant_id")[["kind", "owner", "agent_id"]]
        return rows.assign(copy_of=rows.pop("agent_id").where(rows["kind"] != "stray"))

    @frame
    def _on_wrong_rows(self) -> tuple["pandas.DataFrame", "pandas.DataFrame"]:
        """Every conversation on a wrong row, and how many rows of each place name one; in one snapshot of each side."""
        scope = self.settings.agents_in_scope
        parameters = {**scope.parameters, "ids": list(self._wrong.index)}
        with connected(*self.settings.databases()) as pair, comparing(pair, None) as choices:
            places = over_places(visible_places(pair.langgraph)[0])
            talks, named = (
                _frame(pair.langgraph, sql.statement(name, **choices, places=places), parameters)
                for name in ("conversations_of_rows", "rows_naming")
            )
        talks = talks.join(self._wrong, on="assistant_id")
        owner = talks["user"].fillna(talks["owner"])
        return typed(talks.assign(agent_id=talks["said"].fillna(talks["copy_of"]), user=owner)), named

    def _held(self) -> dict[str, "pandas.Series[int] | None"]:
        """Count the memories and crons under wrong ids by agent; None: they are hidden."""
        talks, named = self._on_wrong_rows
        agents = self._wrong["copy_of"].fillna(talks.groupby("assistant_id")["said"].agg(_only_one))
        named = named.assign(table=named["place"].map(RELATIONS), agent_id=agents.reindex(named["assistant_id"]).array)
        # One row may name its assistant in several places.
        rows = named.groupby(["table", "agent_id", "assistant_id"], as_index=False).agg(
            {"rows": "max", "place": "first"}
        )
        contents, hidden = rows["place"].map(CONTENTS), {CONTENTS.get(place) for place in self._diagnosis.unknown}
        return {
            name: None if name in hidden else rows[contents == name].groupby("agent_id")["rows"].sum()
            for name in ("memories", "crons")
        }

    def _ids_of(self, agent: str) -> tuple[set[str], bool]:
        """Return the ids of the agents with this id or name, read now, and whether one of them is in scope.

        Raises:
            ParameterError: if there is none; it names those that are spelled much like it.
        """
        column = "agent_id" if parse_uuid(agent) else "agent"
        known = self._everyone
        if not (same := known[known[column] == agent]).empty:
            return set(same["agent_id"]), bool(same["in_scope"].any())
        spelled = {each.lower(): each for each in known.loc[known["in_scope"], column]}
        alike = [each for each in spelled if agent.lower() in each] or difflib.get_close_matches(agent.lower(), spelled)
        listed = phrases.named((repr(spelled[each]) for each in alike or spelled), len(alike or spelled), _LISTED)
        hint = f"did you mean {listed}?" if alike else f"agents are {listed}"
        raise ParameterError(
            f"got agent {agent!r}, but no agent has this {'id' if column == 'agent_id' else 'name'}; {hint}"
        )


def typed(frame: "pandas.DataFrame") -> "pandas.DataFrame":
    """Return a frame with the type of each of its columns; None where a column of lists or counts has no value."""
    frame = frame.astype({name: _DTYPES[name] for name in frame.columns if name in _DTYPES})
    for name in (each for each in frame.columns if _DTYPES.get(each) == "object"):
        frame[name] = frame[name].where(frame[name].notna(), None)
    return frame


def _only_one(said: "pandas.Series[str]") -> str | None:
    """Return the agent that every conversation names, if there is one."""
    return None if said.nunique(dropna=False) > 1 else said.iloc[0]


def _frame(connection: Connection, statement: LiteralString, parameters: Mapping[str, Any]) -> "pandas.DataFrame":
    import pandas

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return pandas.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description or ()])
