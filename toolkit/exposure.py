"""May people of one organization have seen what belongs to another, as far as the findings tell?"""

from collections.abc import Iterable

from toolkit import sql
from toolkit.database import Pair
from toolkit.diagnosis import Diagnosis
from toolkit.records import Finding
from toolkit.tables import counted


def exposures(pair: Pair, diagnosis: Diagnosis) -> tuple[str, ...]:
    """Tell, as sentences, where conversations of several organizations met in one row, or on another one's agent.

    Whose conversation it is, the evidence says; to which organizations a row's owner belongs is not asked.
    """
    shared = [each for each in diagnosis.of("stray") if len(each.evidence["conversations_of"]) > 1]
    crossed = list(diagnosis.of("misrouted"))
    named = [each for each in diagnosis.of("conflict") if "names_agent" in each.evidence]
    other = [each.evidence[key] for found, key in ((crossed, "ran_on_agent"), (named, "names_agent")) for each in found]
    whose = _organizations(pair, {*other, *(agent_id for each in shared for agent_id in each.evidence["conversations_of"])})
    return tuple(_sentences(whose, shared, crossed, named))


def _organizations(pair: Pair, agent_ids: Iterable[str]) -> dict[str, str]:
    rows = pair.supabase.execute(sql.statement("agent_names"), {"agent_ids": sorted(agent_ids)}).fetchall()
    return {row["agent_id"]: row["organization_id"] for row in rows}


def _sentences(whose: dict[str, str], shared: list[Finding], crossed: list[Finding], named: list[Finding]) -> Iterable[str]:
    rows = [each for each in shared if len({whose.get(agent_id) for agent_id in each.evidence["conversations_of"]}) > 1]
    if rows:
        verb = "holds" if len(rows) == 1 else "hold"
        yield (
            f"Possible exposure: {counted(len(rows), 'user row')} (stray) {verb} conversations with agents of more than one organization, as"
            f" {rows[0].assistant_id} does; harmless only where its owner belongs to all of them, which this page does not know."
        )
    ran = sum(each.count for each in crossed if whose.get(each.evidence["ran_on_agent"]) != each.organization_id)
    if ran:
        yield f"Possible exposure: {counted(ran, 'conversation')} (misrouted) ran on the row of another organization's agent."
    strange = [each for each in named if whose.get(each.evidence["names_agent"]) != each.organization_id]
    if strange:
        yield (
            f"Possible exposure: {counted(len(strange), 'row')} (conflict) under an agent's id, as {strange[0].agent_id}, names an agent of another"
            " organization, or one that is unknown."
        )
