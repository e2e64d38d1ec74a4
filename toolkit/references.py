"""Where is an assistant's id stored, beside the assistant itself?

One catalog. None of these places has a foreign key; they were found in a real database by search. A further
place is one row more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql


@dataclass(frozen=True)
class Form:
    """How an id stands in a column: the id that a value holds, and the value with another id in its place.

    Both are SQL over `{column}` and `{path}`; `rewritten` also over `{new}`, the other id.
    """

    id: LiteralString
    rewritten: LiteralString | None
    """None: the repair does not move what stands here, since the sync writes it again from what Supabase says."""
    elements: LiteralString | None = None
    """Where a value holds several ids: SQL for the set of them, which `id` calls `element.id`."""


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
    rewritten=None,
    elements="jsonb_array_elements_text(CASE jsonb_typeof({column} #> {path}) WHEN 'array' THEN {column} #> {path} ELSE '[]' END)",
)


@dataclass(frozen=True)
class Place:
    """A column, or a path in one, that holds assistant ids."""

    schema: LiteralString
    table: LiteralString
    column: LiteralString
    form: Form
    key: tuple[LiteralString, ...]
    path: tuple[LiteralString, ...] = ()
    since: LiteralString | None = "created_at"
    thread: LiteralString | None = None
    """The column that says to which conversation the row belongs; None: to none, as a memory."""
    newest: LiteralString | None = None
    """The column by which, of two rows that would become one, the newer moves; the other stays."""

    @property
    def moves(self) -> bool:
        """The repair moves what stands here."""
        return self.form.rewritten is not None

    @property
    def name(self) -> str:
        """The place as a person writes it, `crons.payload.config.configurable.assistant_id`."""
        table = self.table if self.schema == "langgraph_server" else f"{self.schema}.{self.table}"
        return ".".join((table, self.column, *self.path))

    def id(self) -> sql.Composed:
        """SQL for the id that stands here, in a row called `stored`."""
        return self._filled(self.form.id)

    def rewritten(self, new: sql.Composable) -> sql.Composed:
        """SQL for the column's value with the id `new` in place of the one that stands here."""
        if self.form.rewritten is None:
            raise TypeError(f"what stands in {self.name} does not move")
        return self._filled(self.form.rewritten, new=new)

    def _filled(self, text: LiteralString, **more: sql.Composable) -> sql.Composed:
        path = sql.Literal(list(self.path))
        return sql.SQL(text).format(column=sql.Identifier("stored", self.column), path=path, **more)

    def ids(self) -> sql.Composed:
        """Select `(place, id, rows, since)` of every id that stands here, each once: workers count what they read."""
        elements = sql.SQL("")
        if self.form.elements is not None:
            elements = sql.SQL(" CROSS JOIN LATERAL {} AS element (id)").format(self._filled(self.form.elements))
        return sql.SQL(
            "SELECT {name} AS place, {id} AS id, count(*) AS rows, {since} AS since FROM {table} AS stored{elements} WHERE {id} <> '' GROUP BY 2"
        ).format(
            elements=elements,
            name=sql.Literal(self.name),
            since=sql.SQL("min({})").format(sql.Identifier("stored", self.since)) if self.since else sql.SQL("NULL::timestamptz"),
            table=sql.Identifier(self.schema, self.table),
            id=self.id(),
        )

    def of(self, *ids: str) -> sql.Composed:
        """Name the given columns of a row called `stored`, separated by commas."""
        return sql.SQL(", ").join(sql.Identifier("stored", name) for name in ids)

    def filled(self, statement: LiteralString, **more: sql.Composable) -> sql.Composed:
        """Fill a statement about one place: `{table}`, `{column}`, `{id}`, `{name}`, `{key}` and what `more` says."""
        return sql.SQL(statement).format(
            table=sql.Identifier(self.schema, self.table),
            column=sql.Identifier(self.column),
            id=self.id(),
            name=sql.Literal(self.name),
            key=sql.SQL("jsonb_build_array({})").format(self.of(*self.key)),
            **more,
        )

    def moving(self, statement: LiteralString, replaced: LiteralString) -> sql.Composed:
        """Fill a statement about `replaced.old_id` giving way to `replaced.new_id`, unless the row's new key is taken.

        `replaced` names the journal's table that says which: `id_map`, or `rerouted` for the conversations on users' rows.
        """
        return self.filled(
            statement,
            is_newest=self._is_newest(replaced),
            thread=sql.Identifier("stored", self.thread) if self.thread else sql.Literal(""),
            target_is_free=self._target_is_free(sql.Identifier("replaced", "new_id")),
            rewritten=self.rewritten(sql.Identifier("hit", "new_id")),
        )

    def put_back(self, statement: LiteralString) -> sql.Composed:
        """Fill a statement about `move.old_id` going back where the journal says so."""
        old = sql.Identifier("move", "old_id")
        return self.filled(statement, rewritten=self.rewritten(old), target_is_free=self._target_is_free(old))

    def _target_is_free(self, new: sql.Composable) -> sql.Composable:
        if self.column not in self.key:
            return sql.SQL("true")
        return sql.SQL("NOT EXISTS (SELECT FROM {table} AS other WHERE {is_there})").format(
            table=sql.Identifier(self.schema, self.table), is_there=self._other_is_at(self.rewritten(new))
        )

    def _is_newest(self, replaced: LiteralString) -> sql.Composable:
        """SQL for: of the rows that would become one when `replaced.new_id` stands in all of them, `stored` is the newest."""
        if self.column not in self.key:
            return sql.SQL("true")
        return sql.SQL(
            "NOT EXISTS (SELECT FROM {replaced} AS sibling JOIN {table} AS other ON {is_there}"
            " WHERE sibling.run_id = replaced.run_id AND sibling.new_id = replaced.new_id AND sibling.old_id <> replaced.old_id"
            " {of_a_kind} AND {other} > {stored})"
        ).format(
            replaced=sql.Identifier("assistant_repair", replaced),
            of_a_kind=sql.SQL("AND sibling.thread_id = replaced.thread_id" if replaced == "rerouted" else ""),
            table=sql.Identifier(self.schema, self.table),
            is_there=self._other_is_at(self.rewritten(sql.Identifier("sibling", "old_id"))),
            other=self._age("other"),
            stored=self._age("stored"),
        )

    def _age(self, row: LiteralString) -> sql.Composed:
        return sql.SQL("(COALESCE({}, '-infinity'), {})").format(sql.Identifier(row, self.newest or self.column), sql.Identifier(row, self.column))

    def _other_is_at(self, value: sql.Composable) -> sql.Composed:
        """SQL for: a row called `other` has `stored`'s key, but with `value` in the column."""
        others = [name for name in self.key if name != self.column]
        same = (sql.SQL("{} = {}").format(sql.Identifier("other", name), sql.Identifier("stored", name)) for name in others)
        return sql.SQL("{} = {} AND {}").format(sql.Identifier("other", self.column), value, sql.SQL(" AND ").join(same))


def _langgraph(table: LiteralString, column: LiteralString, form: Form, *path: LiteralString, **more: Any) -> Place:
    key: tuple[LiteralString, ...] = ("namespace", "key", "owner_id") if table == "store_items" else ("id",)
    return Place("langgraph_server", table, column, form, key, path, **more)


CATALOG: tuple[Place, ...] = (
    _langgraph("assistants", "config", _ELEMENTS, "configurable", "agent_tools"),
    _langgraph("runs", "assistant_id", _TEXT, thread="thread_id"),
    _langgraph("crons", "assistant_id", _TEXT, thread="thread_id"),
    _langgraph("crons", "payload", _PATH, "assistant_id", thread="thread_id"),
    _langgraph("crons", "payload", _PATH, "config", "configurable", "assistant_id", thread="thread_id"),
    _langgraph("threads", "metadata", _PATH, "assistant_id", thread="id"),
    _langgraph("store_items", "namespace", _NAMESPACE, newest="updated_at"),
    _langgraph("store_items", "metadata", _PATH, "assistant_id"),
    Place(
        "public", "checkpoints", "metadata", _PATH, ("thread_id", "checkpoint_ns", "checkpoint_id"), ("assistant_id",), since=None, thread="thread_id"
    ),
    Place("public", "store", "prefix", _NAMESPACE, ("prefix", "key"), newest="updated_at"),
)


def union(places: Iterable[Place]) -> sql.Composed:
    """Select `(place, id, rows, since)` of every id in all of `places`."""
    nothing = sql.SQL("SELECT NULL::text AS place, NULL::text AS id, NULL::bigint AS rows, NULL::timestamptz AS since WHERE false")
    return sql.SQL("\nUNION ALL\n").join([nothing, *(place.ids() for place in places)])
