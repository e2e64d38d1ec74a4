"""The calls of a notebook or a script: diagnose, plan, apply, verify, undo."""

import inspect
import os
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from toolkit import kernel
from toolkit.database.connection import SUPABASE_URL, connected
from toolkit.errors import ParameterError
from toolkit.pages.diagnosis import DiagnosisPage
from toolkit.pages.repair import RepairPage
from toolkit.pages.result import Result
from toolkit.pages.undo import UndoPage
from toolkit.pages.verification import VerificationPage
from toolkit.settings import DiagnoseSettings, RepairSettings, Settings, UndoSettings, VerifySettings

Call = TypeVar("Call", bound=Callable[..., Any])
Page = TypeVar("Page", bound=Result[Any])
Chosen = TypeVar("Chosen", bound=Settings)


def _taking(kind: type[Settings], **defaults: Any) -> Callable[[Call], Call]:
    """Return a decorator: the function takes the parameters of `kind` as keywords, which its help describes.

    `defaults` come before those of `kind`. Unlike a signature that is written out, this refuses a wrong name or type
    with the right one, and cannot differ from the commands' options. An interrupt is told in one line.
    """

    def describe(called: Call) -> Call:
        @wraps(called)
        def call(*given: Any, **parameters: Any) -> Any:
            try:
                return called(*given, **parameters)
            except KeyboardInterrupt as interrupt:
                writes = ({"apply": False} | defaults | parameters)["apply"] or parameters.get("resume")
                told = "what was begun is kept, and the same call goes on with it" if writes else "nothing was changed"
                line = f"KeyboardInterrupt: toolkit.{called.__name__} was stopped; {told}"
                interrupt._render_traceback_ = lambda: [line]  # type: ignore[attr-defined] # IPython's hook
                raise

        own = inspect.signature(call)
        first = [each for each in own.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
        taken = inspect.signature(kind).parameters.values()
        named = [each.replace(default=defaults.get(each.name, each.default)) for each in taken]
        call.__signature__ = own.replace(parameters=[*first, *named])  # type: ignore[attr-defined]
        described = "\n".join(
            f"    {each.name}: {kind.model_fields[each.name].description}. Default: {each.default!r}" for each in named
        )
        call.__doc__ = f"{inspect.cleandoc(call.__doc__ or '')}\n\nArgs:\n{described}\n"
        return cast(Call, call)

    return describe


def _given(kind: type[Chosen], parameters: dict[str, Any]) -> Chosen:
    """Return a call's settings; refuse to practise where only `langgraph` or the environment names a database."""
    settings = kind.given(parameters)
    is_named = "supabase" in settings.model_fields_set and not (settings.is_practice and kernel.is_left("supabase"))
    if not is_named and (settings.langgraph or os.environ.get(SUPABASE_URL, "").strip()):
        named = f"langgraph is {settings.langgraph!r}" if settings.langgraph else f"{SUPABASE_URL} is set"
        told = f"pass supabase='env:{SUPABASE_URL}', or {settings.supabase!r} to practise"
        raise ParameterError(f"{named}, and no supabase is given: {told}")
    return settings


def _of_somebody(page: Page) -> Page:
    """Return the page; refuse it if the scope names organizations that have no agent, which is no all-clear."""
    if not page.report.agents and page.settings.scope != "all":
        raise ParameterError(f"got scope {page.settings.scope!r}, but Supabase has no agent of it in use")
    return page


@_taking(DiagnoseSettings)
def diagnose(**parameters: Any) -> DiagnosisPage:
    """Compare every agent in scope with its assistant, and ask the server if one is named. Reads only.

    Example:
        >>> diagnosis = toolkit.diagnose(supabase="env:SUPABASE_DB_URL", langgraph="env:LANGGRAPH_DB_URL")
        >>> diagnosis.findings.groupby("kind").size()

    Raises:
        ParameterError: on an unknown or wrong parameter, before anything is connected to.
        UnbelievableReadError: if what the role can see is not the whole truth.
        ForeignPairError: if the two databases are hardly a pair.
    """
    return diagnosed(_given(DiagnoseSettings, parameters))


def diagnosed(settings: DiagnoseSettings) -> DiagnosisPage:
    """Diagnose with settings that were checked, and raise as `diagnose` does."""
    with connected(*settings.databases()) as pair:
        return _of_somebody(DiagnosisPage(pair, settings))


@_taking(RepairSettings)
def plan(**parameters: Any) -> RepairPage:
    """Diagnose, and load the plan that is named or make one. Reads only.

    With `apply=True` it refuses at once what `toolkit.apply` would refuse; in JupyterLab, that asks for the digest.

    Example:
        >>> repair = toolkit.plan(supabase="env:SUPABASE_DB_URL", only=["wrong_id"], report_dir="reports")
        >>> repair.write()

    Raises:
        ParameterError: on an unknown or wrong parameter, before anything is connected to.
        UnusablePlanError: if the named plan cannot be used.
        UnbelievableReadError: if what the role can see is not the whole truth.
    """
    is_asked_later = kernel.can_answer() and not parameters.get("digest") and parameters.get("apply") is True
    settings = _given(RepairSettings, {**parameters, **({"apply": False} if is_asked_later else {})})
    with connected(*settings.databases(), settings.journal_owner) as pair:
        return _of_somebody(RepairPage(pair, settings))


@_taking(RepairSettings, apply=True)
def apply(planned: RepairPage | None = None, **parameters: Any) -> RepairPage:
    """Apply a plan, or finish the interrupted run that `resume` names; diagnose again. This writes.

    `planned` is what `toolkit.plan` returned; then only `apply` and `digest` are taken. `apply=False` changes nothing.
    Except for a sandbox, it wants the digest of the approved plan, and asks for it in JupyterLab.

    Example:
        >>> repair = toolkit.apply(
        ...     supabase="env:SUPABASE_DB_URL", plan="reports/…-repair/plan.json", digest="0123456789abcdef"
        ... )
        >>> toolkit.apply(toolkit.plan(supabase="sandbox:broken"))

    Raises:
        ParameterError: on an unknown or wrong parameter, another digest, or an outdated plan.
        UnusablePlanError: if the plan cannot be used, or is for other databases.
        BusyError: if another repair or undo of these databases is running.
    """
    if not isinstance(planned, RepairPage | None):
        raise ParameterError(f"got {type(planned).__name__}, expected what toolkit.plan returned; a file is plan='…'")
    parameters = {"apply": True, **parameters}
    repair = plan(**parameters) if planned is None else planned
    if planned is not None and (others := parameters.keys() - {"apply", "digest"}):
        raise ParameterError(f"got {', '.join(sorted(others))}, but the plan is made: give them to toolkit.plan")
    is_open = not (repair.settings.is_practice or repair.settings.resume or parameters.get("digest"))
    if is_open and parameters["apply"] is True and kernel.can_answer():
        parameters["digest"] = input("Digest of the approved plan, 16 digits or more: ").strip()
    settings = RepairSettings.checked({**dict(repair.settings), **parameters})
    if settings.apply or settings.resume:
        with connected(*settings.databases(), settings.journal_owner) as pair:
            repair.apply(pair, repair.settings.model_copy(update=parameters))
    return repair


@_taking(VerifySettings)
def verify(**parameters: Any) -> VerificationPage:
    """Prove that a repair holds: in the tables, in the next sync, over HTTP. Reads only.

    Example:
        >>> toolkit.verify(
        ...     supabase="env:SUPABASE_DB_URL", api_url="https://your-server.example", api_token="env:USER_JWT"
        ... ).checks()

    Raises:
        ParameterError: on an unknown or wrong parameter, before anything is connected to.
        UnbelievableReadError: if what the role can see is not the whole truth.
    """
    settings = _given(VerifySettings, parameters)
    with connected(*settings.databases()) as pair:
        return _of_somebody(VerificationPage(pair, settings))


@_taking(UndoSettings)
def undo(**parameters: Any) -> UndoPage:
    """List the repairs, and show what undoing a run would restore; with `apply=True`, restore it.

    Example:
        >>> toolkit.undo(supabase="env:SUPABASE_DB_URL").runs()
        >>> toolkit.undo(supabase="env:SUPABASE_DB_URL", run="run-1", apply=True)

    Raises:
        ParameterError: on an unknown or wrong parameter, before anything is connected to.
        UnknownRunError: if there is no such run.
        ForgottenRunError: if it cannot be taken back any more.
        BusyError: if another repair or undo of these databases is running.
    """
    settings = _given(UndoSettings, parameters)
    with connected(*settings.databases(), settings.journal_owner) as pair:
        return UndoPage(pair, settings)
