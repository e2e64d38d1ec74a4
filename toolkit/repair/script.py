"""Statements that a plan runs, as text for plan.sql."""

from pydantic import BaseModel

from toolkit import sql
from toolkit.catalog.places import over_places, visible_places
from toolkit.database.connection import Pair
from toolkit.repair.moving import MOVING_FROM
from toolkit.repair.phases import NAMED, NOW, columns_of_assistants, expanding
from toolkit.repair.plan import Plan

ABOUT = """\
-- Statements of a repair, filled in but for their parameters, such as %(run_id)s. They name no rows: each reads the
-- steps of the run and of one batch from the journal. The rows are in these files beside this one:
--   plan.json    for each agent the rows to change, make and remove, with their hashes
--   threads.csv  the conversations that move, with their assistants before and after
--   id_map.csv   after the repair: each old id, and the new one
"""


class Statement(BaseModel, frozen=True):
    """One statement of a repair, as it runs."""

    phase: str
    name: str
    text: str
    """SQL with parameters such as `%(run_id)s` for the run and the batch."""


def statements(pair: Pair, plan: Plan) -> tuple[Statement, ...]:
    """Return the statements that a plan runs, in order and filled in; run none of them."""
    kinds = {*plan.counts, *(["reroute"] if any(move.assistant_id for move in plan.moves) else [])}
    now = "agents_now" if pair.is_one_database else NOW.rows
    places = visible_places(pair.langgraph)[0]
    found = [("expand", name, text) for name, text in expanding(pair.langgraph, kinds, now).items()]
    if "write_back" in kinds:
        found.append(("write back", "set_write_backs", sql.statement("set_write_backs")))
    named = {move.place for move in plan.moves if not move.assistant_id}
    for place in (place for place in places if place.moves):
        for replaced in (["id_map"] if place.name in named else []) + (["rerouted"] if "reroute" in kinds else []):
            text = sql.statement("move_references", locking="rows_waited_for", replaced=MOVING_FROM[replaced])
            found.append(("move", place.name, place.moving(text, replaced).as_string(pair.langgraph)))
    if kinds & {"rekey", "remove"}:
        named_there = "named_in_place" if pair.is_one_database else NAMED.rows
        text = sql.statement("still_named", named=named_there, places=over_places(places))
        remove = sql.statement("remove", **columns_of_assistants(pair.langgraph))
        found += [("contract", "still_named", text), ("contract", "remove", remove)]
    return tuple(Statement(phase=phase, name=name, text=text) for phase, name, text in found)
