"""Places where an assistant's id is stored, apart from the assistant itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString

from psycopg import sql as compose

from toolkit import sql
from toolkit.database.shapes import ID_MAP, LANGGRAPH, RELIED, Problem, UnbelievableReadError, problems
from toolkit.database.transactions import Connection


@dataclass(frozen=True)
class Form:
    """How an id stands in a value, as SQL with the holes `column` and `path`."""

    id: LiteralString
    rewritten: LiteralString
    """The value with the id `{new}` in it; empty: the repair leaves it, since the sync writes it from Supabase."""
    elements: LiteralString = ""
    """A join for values that hold several ids, such as arrays; `id` then reads `element.id`."""


_TEXT = Form(id="{column}", rewritten="{new}")
_PATH = Form(id="{column} #>> {path}", rewritten="jsonb_set({column}, {path}, to_jsonb({new}))")

# org/user/ID/category, {org,user,ID,category}, {org/user/ID/category}, {org.user.ID.category}, org.user.ID.category
_NAMESPACE = Form(
    id="(regexp_split_to_array(trim(BOTH '{{}}' FROM {column}), '[/,.]'))[3]",
    # the third part, up to the next separator or, where there is none, to a closing brace
    rewritten=r"regexp_replace({column}, '^(\{{?[^/,.]*[/,.][^/,.]*[/,.])(?:[^/,.]*(?=[/,.])|[^/,.}}]*(?=\}}?$))',"
    r" '\1' || replace({new}, '\', '\\'))",
)
_ELEMENTS = Form(
    id="element.id",
    rewritten="",
    elements=" CROSS JOIN LATERAL jsonb_array_elements_text("
    "CASE jsonb_typeof({column} #> {path}) WHEN 'array' THEN {column} #> {path} ELSE '[]' END) AS element (id)",
)


_TARGET_IS_FREE: LiteralString = "NOT EXISTS (SELECT FROM {table} AS other WHERE {is_there})"

_IS_NEWEST: LiteralString = (
    "NOT EXISTS (SELECT FROM {replaced} AS sibling JOIN {table} AS other ON {is_there}"
    " WHERE sibling.run_id = replaced.run_id AND sibling.new_id = replaced.new_id"
    " AND sibling.old_id <> replaced.old_id {of_a_kind}"
    """ AND (COALESCE("other".{newest}, '-infinity'), "other".{column})"""
    """ > (COALESCE("stored".{newest}, '-infinity'), "stored".{column}))"""
)
"""Whether `stored` is the newest of the rows that get one key when all have `replaced.new_id`."""


@dataclass(frozen=True)
class Table:
    """A table with places in it. No field has a default: whoever adds a table decides each."""

    relation: LiteralString
    """The table with its schema, `public.store`."""
    contents: str
    """What people call its rows, `memories`."""
    since: LiteralString | None
    """The column with the time at which a row was made; None: there is none."""
    thread: LiteralString | None
    """The column with a row's conversation; None: its rows belong to none, as memories do."""
    entry: LiteralString | None
    """SQL for the journal's entry with which a row leaves a user's row, `user <id>`; None: with its conversation."""
    user: LiteralString | None
    """SQL for the user of a row, such as a memory's; None: its conversation's."""
    newest: LiteralString | None
    """The column that picks the row to move when several would get one key; None: no place is part of the key."""

    @property
    def key(self) -> tuple[LiteralString, ...]:
        """The columns that tell its rows apart."""
        return RELIED[self.relation].key

    @property
    def shown(self) -> str:
        """The table as a person writes it, `crons` or `public.store`."""
        return self.relation.removeprefix("langgraph_server.")


@dataclass(frozen=True)
class Place:
    """A column, or a path in one, that holds assistant ids."""

    table: Table
    column: LiteralString
    path: tuple[LiteralString, ...]
    form: Form

    @property
    def moves(self) -> bool:
        """Whether the repair moves the ids of this place."""
        return bool(self.form.rewritten)

    @property
    def name(self) -> str:
        """The place as a person writes it, `crons.payload.config.configurable.assistant_id`."""
        return ".".join((self.table.shown, self.column, *self.path))

    @property
    def is_key(self) -> bool:
        """Whether the ids of this place are part of their rows' key."""
        return self.column in self.table.key

    def rewritten(self, new: compose.Composable) -> compose.Composed:
        """Return SQL for the column's value with another id in it, where it moves."""
        return self._in_form(self.form.rewritten, new=new)

    def _in_form(self, text: LiteralString, **more: compose.Composable) -> compose.Composed:
        path = compose.Literal(list(self.path))
        return compose.SQL(text).format(column=compose.Identifier("stored", self.column), path=path, **more)

    def ids(self, but_own: bool) -> compose.Composed:
        """Return a query for what `over_places` says: each id of this place once, so that workers can count."""
        since = self.table.since and compose.SQL("min({})").format(compose.Identifier("stored", self.table.since))
        return self.filled(
            "SELECT {name} AS place, {id} AS id, count(*) AS rows, {since} AS since, {may_be_word} AS may_be_word"
            " FROM {table} AS stored{elements} WHERE {id} <> ''{but} GROUP BY 2",
            but=self.filled(" AND NOT EXISTS (SELECT FROM own WHERE own.id = {id})" if but_own and self.moves else ""),
            may_be_word=compose.Literal(self.form is _NAMESPACE),
            since=since or compose.SQL("NULL::timestamptz"),
            elements=self._in_form(self.form.elements),
        )

    def filled(self, statement: LiteralString, **more: compose.Composable) -> compose.Composed:
        """Fill the holes of a statement that say what and where the place is, and those in `more`."""
        key = compose.SQL(", ").join(compose.Identifier("stored", name) for name in self.table.key)
        return compose.SQL(statement).format(
            table=compose.Identifier(*self.table.relation.split(".")),
            column=compose.Identifier(self.column),
            column_name=compose.Literal(self.column),
            id=self._in_form(self.form.id),
            name=compose.Literal(self.name),
            key=compose.SQL("jsonb_build_array({})").format(key),
            relation=compose.Literal(self.table.relation),
            thread_id=compose.SQL(f"NULLIF(stored.{self.table.thread}, '')" if self.table.thread else "NULL::text"),
            user_id=compose.SQL(self.table.user or "NULL::text"),
            **more,
        )

    def moving(self, statement: LiteralString, replaced: LiteralString) -> compose.Composed:
        """Fill a statement that puts `replaced.new_id` in place of `replaced.old_id`, where the new key is free.

        `replaced` is the journal's table of the ids: `id_map` or, for conversations on users' rows, `rerouted`.
        """
        new = compose.Identifier("replaced", "new_id")
        return self.filled(
            statement,
            is_newest=self._of_key(
                _IS_NEWEST,
                compose.Identifier("sibling", "old_id"),
                replaced=compose.Identifier("assistant_repair", replaced),
                of_a_kind=compose.SQL("AND sibling.thread_id = replaced.thread_id" if replaced == "rerouted" else ""),
                newest=compose.Identifier(self.table.newest or self.column),
            ),
            thread=compose.SQL(self.table.entry or "stored." + (self.table.thread or self.column)),
            target=self._of_key("jsonb_build_array({new_key})", new, otherwise="NULL::jsonb"),
            target_is_free=self._of_key(_TARGET_IS_FREE, new),
            newest=compose.Identifier("stored", self.table.newest or self.column),
            rewritten=self.rewritten(compose.Identifier("hit", "new_id")),
            expected=self.rewritten(new),
        )

    def put_back(self, statement: LiteralString) -> compose.Composed:
        """Fill a statement that restores `move.old_id`, the id in the journal."""
        old = compose.Identifier("move", "old_id")
        rewritten = self.rewritten(old)
        is_free = self._of_key(_TARGET_IS_FREE, old)
        return self.filled(statement, rewritten=rewritten, expected=rewritten, target_is_free=is_free)

    def _of_key(
        self, text: LiteralString, id: compose.Composable, otherwise: LiteralString = "true", **more: compose.Composable
    ) -> compose.Composable:
        """Return SQL about the key that `stored` has with another id in it; `otherwise` where the id is no part of it.

        `is_there` holds for a row called `other` with that key.
        """
        if not self.is_key:
            return compose.SQL(otherwise)
        stored = {name: compose.Identifier("stored", name) for name in self.table.key}
        key = {**stored, self.column: self.rewritten(id)}
        same = (compose.SQL("{} = {}").format(compose.Identifier("other", name), key[name]) for name in key)
        is_there = compose.SQL(" AND ").join(same)
        return self.filled(text, new_key=compose.SQL(", ").join(key.values()), is_there=is_there, **more)


# The formatter would give every field of a table a line.
# fmt: off
_ASSISTANTS = Table("langgraph_server.assistants", contents="agents' tools", since="created_at", thread=None,
                    entry=None, user=None, newest=None)
_RUNS = Table("langgraph_server.runs", contents="runs", since="created_at", thread="thread_id", entry=None, user=None,
              newest=None)
_CRONS = Table("langgraph_server.crons", contents="crons", since="created_at", thread="thread_id",
               entry="'cron ' || stored.id", user="stored.user_id", newest=None)
_THREADS = Table("langgraph_server.threads", contents="conversations", since="created_at", thread="id", entry=None,
                 user=None, newest=None)
_ITEMS = Table("langgraph_server.store_items", contents="memories", since="created_at", thread=None,
               entry="'user ' || stored.owner_id", user="stored.owner_id", newest="updated_at")
_CHECKPOINTS = Table("public.checkpoints", contents="checkpoints", since=None, thread="thread_id", entry=None,
                     user=None, newest=None)
_STORE = Table("public.store", contents="memories", since="created_at", thread=None,
               entry="'user ' || split_part(stored.prefix, '.', 2)", user="split_part(stored.prefix, '.', 2)",
               newest="updated_at")
# fmt: on

CATALOG: tuple[Place, ...] = (
    Place(_ASSISTANTS, "config", ("configurable", "agent_tools"), _ELEMENTS),
    Place(_RUNS, "assistant_id", (), _TEXT),
    Place(_CRONS, "assistant_id", (), _TEXT),
    Place(_CRONS, "payload", ("assistant_id",), _PATH),
    Place(_CRONS, "payload", ("config", "configurable", "assistant_id"), _PATH),
    Place(_THREADS, "metadata", ("assistant_id",), _PATH),
    Place(_ITEMS, "namespace", (), _NAMESPACE),
    Place(_ITEMS, "metadata", ("assistant_id",), _PATH),
    Place(_CHECKPOINTS, "metadata", ("assistant_id",), _PATH),
    Place(_STORE, "prefix", (), _NAMESPACE),
)

_UNREAD = ("hidden", "shape")

CONVERSATIONS = "conversations"
"""The name under which conversations move off users' rows, with everything that names their assistant."""

CRONS = "crons.assistant_id"
"""The place under which crons that belong to no conversation move off users' rows."""

CONTENTS = {each.name: each.table.contents for each in CATALOG} | {"public.agents.assistant_tool_ids": "agents' tools"}
"""What people call the rows of each place; the last one is on the Supabase side."""

RELATIONS = {place.name: place.table.relation for place in CATALOG} | {CONVERSATIONS: _RUNS.relation}
"""The table of each place; of conversations the one with most of their rows."""


def over_places(places: Iterable[Place], *, but_own: bool = False) -> sql.Text:
    """Return the text for the slot `places`: `(place, id, rows, since, may_be_word)` of every id in them.

    A namespace may have a word where others have an id, as `global` in `org/user/global/preferences`. With `but_own`,
    ids of the relation `own` are not counted in places that move. The other places have few.
    """
    nothing = compose.SQL(
        "SELECT NULL::text AS place, NULL::text AS id, NULL::bigint AS rows, NULL::timestamptz AS since,"
        " false AS may_be_word WHERE false"
    )
    return sql.Text(compose.SQL("\nUNION ALL\n").join([nothing, *(place.ids(but_own) for place in places)]).as_string())


def visible_places(connection: Connection) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """Return the places that can be read, and the names of those that cannot, though their table is there."""
    return visible(problems(connection, LANGGRAPH))


def visible(found: Sequence[Problem]) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """Return the same as `visible_places`, from the problems of the tables of `LANGGRAPH`."""
    absent = {each.table for each in found if each.stops == "absent"}
    unread = {each.table for each in found if each.stops in _UNREAD}
    hidden = {place.name for place in CATALOG if place.table.relation in unread}
    hidden |= {ID_MAP} & unread  # it has the meaning of old ids
    return tuple(place for place in CATALOG if place.table.relation not in absent | unread), tuple(sorted(hidden))


def unread(found: Sequence[Problem]) -> list[Problem]:
    """Return why tables with places, or the journal's id map, cannot be read as a whole."""
    return [each for each in found if each.stops in _UNREAD]


def refuse_unread(connection: Connection) -> None:
    """Refuse to write while a place cannot be read.

    Raises:
        UnbelievableReadError: names the tables, with the reason.
    """
    if found := unread(problems(connection, LANGGRAPH)):
        raise UnbelievableReadError(
            f"a repair has to see every place with assistant ids; not read as a whole: {'; '.join(map(str, found))}"
        )


def moving_places(connection: Connection) -> list[Place]:
    """Return the visible places whose ids a repair moves."""
    return [place for place in visible_places(connection)[0] if place.moves]
