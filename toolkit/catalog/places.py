"""Places where an assistant's id is stored, apart from the assistant itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import LiteralString

from psycopg import sql as compose

from toolkit import sql
from toolkit.database.connection import Connection


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
    """A column, or a path in one, that holds assistant ids. No field has a default: whoever adds a place decides each."""

    schema: LiteralString
    table: LiteralString
    column: LiteralString
    path: tuple[LiteralString, ...]
    form: Form
    contents: str
    """What people call what stands here, `memories`."""
    key: tuple[LiteralString, ...]
    since: LiteralString | None
    """The column that says when the row was made; None: there is none."""
    thread: LiteralString | None
    """The column that says to which conversation the row belongs; None: to none, as a memory."""
    newest: LiteralString | None
    """The column by which, of two rows that would become one, the newer moves; the other stays."""
    columns: Mapping[LiteralString, LiteralString] = field(hash=False)
    """All columns that are read here, those named above, with their types."""

    @property
    def moves(self) -> bool:
        """The repair moves what stands here."""
        return self.form.rewritten is not None

    @property
    def name(self) -> str:
        """The place as a person writes it, `crons.payload.config.configurable.assistant_id`."""
        return ".".join((self.shown, self.column, *self.path))

    @property
    def shown(self) -> str:
        """The table as a person writes it, `crons` or `public.store`."""
        return self.relation.removeprefix("langgraph_server.")

    @property
    def relation(self) -> str:
        """The table with its schema, `public.store`."""
        return f"{self.schema}.{self.table}"

    def id(self) -> compose.Composed:
        """SQL for the id that stands here, in a row called `stored`."""
        return self._filled(self.form.id)

    def rewritten(self, new: compose.Composable) -> compose.Composed:
        """SQL for the column's value with the id `new` in place of the one that stands here."""
        if self.form.rewritten is None:
            raise TypeError(f"what stands in {self.name} does not move")
        return self._filled(self.form.rewritten, new=new)

    def _filled(self, text: LiteralString, **more: compose.Composable) -> compose.Composed:
        path = compose.Literal(list(self.path))
        return compose.SQL(text).format(column=compose.Identifier("stored", self.column), path=path, **more)

    def ids(self) -> compose.Composed:
        """Select `(place, id, rows, since)` of every id that stands here, each once: workers count what they read."""
        elements: compose.Composable = compose.SQL("")
        if self.form.elements is not None:
            elements = compose.SQL(" CROSS JOIN LATERAL {} AS element (id)").format(self._filled(self.form.elements))
        return compose.SQL(
            "SELECT {name} AS place, {id} AS id, count(*) AS rows, {since} AS since FROM {table} AS stored{elements} WHERE {id} <> '' GROUP BY 2"
        ).format(
            elements=elements,
            name=compose.Literal(self.name),
            since=compose.SQL("min({})").format(compose.Identifier("stored", self.since))
            if self.since
            else compose.SQL("NULL::timestamptz"),
            table=compose.Identifier(self.schema, self.table),
            id=self.id(),
        )

    def of(self, *ids: str) -> compose.Composed:
        """Name the given columns of a row called `stored`, separated by commas."""
        return compose.SQL(", ").join(compose.Identifier("stored", name) for name in ids)

    def filled(self, statement: LiteralString, **more: compose.Composable) -> compose.Composed:
        """Fill a statement about one place: `{table}`, `{column}`, `{id}`, `{name}`, `{key}` and what `more` says."""
        return compose.SQL(statement).format(
            table=compose.Identifier(self.schema, self.table),
            column=compose.Identifier(self.column),
            id=self.id(),
            name=compose.Literal(self.name),
            key=compose.SQL("jsonb_build_array({})").format(self.of(*self.key)),
            **more,
        )

    def moving(self, statement: LiteralString, replaced: LiteralString) -> compose.Composed:
        """Fill a statement about `replaced.old_id` giving way to `replaced.new_id`, unless the row's new key is taken.

        `replaced` names the journal's table that says which: `id_map`, or `rerouted` for the conversations on users' rows.
        """
        return self.filled(
            statement,
            is_newest=self._is_newest(replaced),
            thread=compose.Identifier("stored", self.thread) if self.thread else compose.Literal(""),
            target_is_free=self._target_is_free(compose.Identifier("replaced", "new_id")),
            rewritten=self.rewritten(compose.Identifier("hit", "new_id")),
        )

    def put_back(self, statement: LiteralString) -> compose.Composed:
        """Fill a statement about `move.old_id` going back where the journal says so."""
        old = compose.Identifier("move", "old_id")
        return self.filled(statement, rewritten=self.rewritten(old), target_is_free=self._target_is_free(old))

    def _target_is_free(self, new: compose.Composable) -> compose.Composable:
        if self.column not in self.key:
            return compose.SQL("true")
        return compose.SQL("NOT EXISTS (SELECT FROM {table} AS other WHERE {is_there})").format(
            table=compose.Identifier(self.schema, self.table), is_there=self._other_is_at(self.rewritten(new))
        )

    def _is_newest(self, replaced: LiteralString) -> compose.Composable:
        """SQL for: of the rows that would become one when `replaced.new_id` stands in all of them, `stored` is the newest."""
        if self.column not in self.key:
            return compose.SQL("true")
        return compose.SQL(
            "NOT EXISTS (SELECT FROM {replaced} AS sibling JOIN {table} AS other ON {is_there}"
            " WHERE sibling.run_id = replaced.run_id AND sibling.new_id = replaced.new_id AND sibling.old_id <> replaced.old_id"
            " {of_a_kind} AND {other} > {stored})"
        ).format(
            replaced=compose.Identifier("assistant_repair", replaced),
            of_a_kind=compose.SQL("AND sibling.thread_id = replaced.thread_id" if replaced == "rerouted" else ""),
            table=compose.Identifier(self.schema, self.table),
            is_there=self._other_is_at(self.rewritten(compose.Identifier("sibling", "old_id"))),
            other=self._age("other"),
            stored=self._age("stored"),
        )

    def _age(self, row: LiteralString) -> compose.Composed:
        return compose.SQL("(COALESCE({}, '-infinity'), {})").format(
            compose.Identifier(row, self.newest or self.column), compose.Identifier(row, self.column)
        )

    def _other_is_at(self, value: compose.Composable) -> compose.Composed:
        """SQL for: a row called `other` has `stored`'s key, but with `value` in the column."""
        others = [name for name in self.key if name != self.column]
        same = (
            compose.SQL("{} = {}").format(compose.Identifier("other", name), compose.Identifier("stored", name))
            for name in others
        )
        return compose.SQL("{} = {} AND {}").format(
            compose.Identifier("other", self.column), value, compose.SQL(" AND ").join(same)
        )


# fmt: off
CATALOG: tuple[Place, ...] = (
    Place("langgraph_server", "assistants", "config", ("configurable", "agent_tools"), _ELEMENTS, contents="agents' tools",
          key=("id",), since="created_at", thread=None, newest=None,
          columns={"id": "text", "config": "jsonb", "created_at": "timestamptz"}),
    Place("langgraph_server", "runs", "assistant_id", (), _TEXT, contents="runs",
          key=("id",), since="created_at", thread="thread_id", newest=None,
          columns={"id": "text", "assistant_id": "text", "thread_id": "text", "created_at": "timestamptz"}),
    Place("langgraph_server", "crons", "assistant_id", (), _TEXT, contents="crons",
          key=("id",), since="created_at", thread="thread_id", newest=None,
          columns={"id": "text", "assistant_id": "text", "thread_id": "text", "created_at": "timestamptz"}),
    Place("langgraph_server", "crons", "payload", ("assistant_id",), _PATH, contents="crons",
          key=("id",), since="created_at", thread="thread_id", newest=None,
          columns={"id": "text", "payload": "jsonb", "thread_id": "text", "created_at": "timestamptz"}),
    Place("langgraph_server", "crons", "payload", ("config", "configurable", "assistant_id"), _PATH, contents="crons",
          key=("id",), since="created_at", thread="thread_id", newest=None,
          columns={"id": "text", "payload": "jsonb", "thread_id": "text", "created_at": "timestamptz"}),
    Place("langgraph_server", "threads", "metadata", ("assistant_id",), _PATH, contents="conversations",
          key=("id",), since="created_at", thread="id", newest=None,
          columns={"id": "text", "metadata": "jsonb", "created_at": "timestamptz"}),
    Place("langgraph_server", "store_items", "namespace", (), _NAMESPACE, contents="memories",
          key=("namespace", "key", "owner_id"), since="created_at", thread=None, newest="updated_at",
          columns={"namespace": "text", "key": "text", "owner_id": "text", "created_at": "timestamptz",
                   "updated_at": "timestamptz"}),
    Place("langgraph_server", "store_items", "metadata", ("assistant_id",), _PATH, contents="memories",
          key=("namespace", "key", "owner_id"), since="created_at", thread=None, newest=None,
          columns={"namespace": "text", "key": "text", "owner_id": "text", "metadata": "jsonb",
                   "created_at": "timestamptz"}),
    Place("public", "checkpoints", "metadata", ("assistant_id",), _PATH, contents="checkpoints",
          key=("thread_id", "checkpoint_ns", "checkpoint_id"), since=None, thread="thread_id", newest=None,
          columns={"thread_id": "text", "checkpoint_ns": "text", "checkpoint_id": "text", "metadata": "jsonb"}),
    Place("public", "store", "prefix", (), _NAMESPACE, contents="memories",
          key=("prefix", "key"), since="created_at", thread=None, newest="updated_at",
          columns={"prefix": "text", "key": "text", "created_at": "timestamptz", "updated_at": "timestamptz"}),
)
# fmt: on

CONVERSATIONS = "conversations"
"""What stands for a place where conversations move, with all that names their assistant, off users' rows."""

CONTENTS = {place.name: place.contents for place in CATALOG} | {"public.agents.assistant_tool_ids": "agents' tools"}
"""What people call what stands in each place; the statement `references` reads the last one, on the Supabase side."""

RELATIONS = {place.name: place.relation for place in CATALOG} | {CONVERSATIONS: "langgraph_server.runs"}
"""The table of each place; of conversations the one with most of their rows."""


def over_places(places: Iterable[Place]) -> sql.Text:
    """Return what fills the slot `places`: `(place, id, rows, since)` of every id in them."""
    nothing = compose.SQL(
        "SELECT NULL::text AS place, NULL::text AS id, NULL::bigint AS rows, NULL::timestamptz AS since WHERE false"
    )
    return sql.Text(compose.SQL("\nUNION ALL\n").join([nothing, *(place.ids() for place in places)]).as_string())


def visible_places(connection: Connection) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """Tell which places of the catalog can be read, and the names of those that are there but hidden."""
    wanted = [(place.name, place.schema, place.table, place.column) for place in CATALOG]
    wanted.append(("assistant_repair.id_map", "assistant_repair", "id_map", "old_id"))  # it tells whom an old id means
    parameters = dict(zip(("names", "schemas", "tables", "columns"), map(list, zip(*wanted, strict=True)), strict=True))

    def names(statement: LiteralString) -> set[str]:
        return {row["name"] for row in connection.execute(sql.statement(statement), parameters).fetchall()}

    hidden = names("unreadable_places")
    seen = names("present_places") - hidden
    return tuple(place for place in CATALOG if place.name in seen), tuple(sorted(hidden))


def moving_places(connection: Connection) -> list[Place]:
    """Return the visible places whose ids a repair moves."""
    return [place for place in visible_places(connection)[0] if place.moves]
