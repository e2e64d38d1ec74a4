"""The numbered steps that follow a diagnosis."""

from collections.abc import Sequence

from toolkit.catalog.kinds import HELD
from toolkit.diagnosis import exposure
from toolkit.diagnosis.cause import Cause
from toolkit.diagnosis.exposure import Exposure
from toolkit.diagnosis.findings import Diagnosis
from toolkit.pages import verdicts
from toolkit.phrases import counted
from toolkit.settings import DiagnoseSettings


def next_steps(
    settings: DiagnoseSettings, found: Diagnosis, cause: Cause, exposed: Sequence[Exposure], *, is_one_database: bool
) -> list[str]:  # fmt: skip
    """Tell the steps, numbered: deploy, look again, decide, plan, apply, prove; those that there is reason for."""
    if not found.open and not cause.deploy_first:
        return ["Nothing."]
    steps = [
        *_deployment(settings, found, cause), *_exposed(exposed), *_conflicts(found, exposed, is_one_database),
        *_repair(settings, found), _proof(settings, found),
    ]  # fmt: skip
    return [*_practice(settings, cause), *(f"{number}. {step}" for number, step in enumerate(steps, 1))]


def _practice(settings: DiagnoseSettings, cause: Cause) -> list[str]:
    """Say what stands in for a deployment where there is no server."""
    if not (settings.is_practice and cause.deploy_first):
        return []
    return [
        f"To practise, where no server is: `{settings.command_line('sync')} --apply` does what the fixed server's start does."
    ]


def _deployment(settings: DiagnoseSettings, found: Diagnosis, cause: Cause) -> list[str]:
    """Tell what the deployment changes, and how one sees that it worked."""
    if not cause.deploy_first:
        return []
    deploy = f"{cause.advice} How, is said below."
    if not found.open:
        return [deploy]
    if not cause.makes_copies:
        return [deploy, f"`{settings.command_line('diagnose')}` again shows what is left for a repair."]
    held = ", ".join(kind for kind in HELD if found.counts[kind])
    but = f"; not so those whose id a user's row holds ({held})" if held else ""
    return [
        f"{deploy} With AGENT_SYNC_SCOPE=all its first start gives every agent that it syncs a new assistant under the agent's id, and these answer"
        f" their users again, before any repair{but}.",
        f"`{settings.command_line('diagnose')}` again. What is left for a repair are the copies, and the conversations that hang on them.",
    ]


def _exposed(exposed: Sequence[Exposure]) -> list[str]:
    if not exposed:
        return []
    return [
        "Before anybody changes these rows, save what the query under Possible exposure shows, and tell whoever answers for data protection."
    ]


def _conflicts(found: Diagnosis, exposed: Sequence[Exposure], is_one_database: bool) -> list[str]:
    """Tell what is to be decided of a row that somebody put under an agent's id, and how it is looked at."""
    count = found.counts["conflict"]
    if not count:
        return []
    first = next(found.of("conflict"))
    more = f", and {counted(count - 1, 'more conflict')}" if count > 1 else ""
    row = first.assistant_id or first.agent_id or ""
    is_told = row in {each.assistant_id for each in exposed}
    line = (
        "with the query under Possible exposure"
        if is_told
        else f"`{exposure.query([row], is_one_database=is_one_database)}`"
    )
    return [
        f"{first.agent_name} ({first.agent_id}){more}: look at the row that stands there, {line}. May it go, add `--allow conflict:{first.agent_id}`"
        " to the next command: its owner loses it, the journal keeps it. Must it not, its owner first makes the same under another id"
        " (POST /assistants), then allow it. Until it is allowed, verify fails for this agent."
    ]


def _repair(settings: DiagnoseSettings, found: Diagnosis) -> list[str]:
    if not found.open:
        return []
    return [
        f"`{settings.command_line('repair')}` shows the plan of a repair and changes nothing. Have the plan's page approved.",
        "In a quiet hour, run the command at the end of that page, which applies the plan.",
    ]


def _proof(settings: DiagnoseSettings, found: Diagnosis) -> str:
    asks = (
        "checks the tables; on your platform `--api-url URL --api-token env:USER_JWT` besides asks for every agent as a user does."
        if settings.is_practice
        else "asks for every agent as a user does. URL is your server's address, USER_JWT an environment variable that holds one user's token."
    )
    before = "Before people go on, " if found.open else ""
    return f"{before}`{verdicts.verify_command(settings)}` {asks} It only reads (GET), begins no conversation and starts no sync."
