"""Settings: the parameters of every command and notebook, checked before anything is connected to.

A notebook's parameters cell and a command's options are the fields of one model here.
"""

import os
import re
import shlex
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator, model_validator

from toolkit import kernel
from toolkit.catalog.kinds import ALLOWABLE, KINDS
from toolkit.database.addresses import Database, is_practice, parse_reference, resolve, secrets_behind
from toolkit.errors import ParameterError
from toolkit.escaping import spellings
from toolkit.identifiers import parse_uuid
from toolkit.phrases import closest
from toolkit.scope import Scope, StartupSync

REPORTS = "reports"
"""Where the commands make a run's folder by default."""
_RUN_FOLDER = re.compile(r"\d{8}T\d{6}Z-(?:\d+-)?[a-z]+")
"""A run's folder, such as `20260131T120000Z-diagnose`."""

_OF_ALL = ("supabase", "langgraph", "scope")
_REPEATED = (*_OF_ALL, "startup_sync", "report_dir", "api_url", "api_token", "journal_owner")
"""Parameters that a printed command repeats if they were given and it takes them; every command takes the first."""

_JOURNAL_OWNER = "the role whose journal is believed, where that is another one than yours; empty: none"
_SUPABASE = "database with public.agents: sandbox:…, env:NAME, service:NAME"


class Settings(BaseModel):
    """Parameters of every notebook: the two databases, the scope, and the report's folder."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    command: ClassVar[str]
    notebook: ClassVar[str]

    _started: float = PrivateAttr(default_factory=time.monotonic)

    supabase: str = Field("sandbox:broken", description=_SUPABASE)
    langgraph: str = Field("", description="database with langgraph_server.assistants; empty: the same as supabase")
    scope: str = Field("all", description="all, or org:<uuid>[,org:<uuid>…]")
    startup_sync: str = Field("", description="all, global, none: what a start syncs; empty: as the rows show")
    report_dir: str = Field("", description="folder for report.json and findings.csv; empty: none are written")

    @model_validator(mode="before")
    @classmethod
    def _holds_no_secret(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name, value in values.items():
            if ("://" in repr(value) and name != "api_url") or "password=" in repr(value):
                raise ParameterError(
                    f"parameter {name!r} holds a connection string (not shown here: it may hold a password); "
                    "put it into an environment variable and name that, env:NAME"
                )
        return values

    @field_validator("supabase", "langgraph")
    @classmethod
    def _is_a_reference(cls, reference: str) -> str:
        if reference:
            parse_reference(reference)
        return reference

    # Path's expanduser raises for an unknown user.
    _begins_at_home = field_validator("report_dir", "plan", check_fields=False)(os.path.expanduser)

    @field_validator("scope")
    @classmethod
    def _scope_is_known(cls, scope: str) -> str:
        if scope.strip() == "none":
            raise ValueError("'none' is for a server alone; expected all, or org:<uuid>[,org:<uuid>…]")
        Scope.parse(scope)
        return scope

    @field_validator("startup_sync")
    @classmethod
    def _startup_sync_is_known(cls, startup_sync: str) -> str:
        if startup_sync not in get_args(StartupSync):
            raise ValueError("expected all, global or none")
        return startup_sync

    @property
    def agents_in_scope(self) -> Scope:
        """The scope, parsed, with the startup sync."""
        return Scope.parse(self.scope, cast(StartupSync, self.startup_sync))  # the validator has seen it

    def command_line(self, command: str) -> str:
        """Return a command with the parameters of this one: `assistant-toolkit repair --supabase env:A`."""
        kinds: tuple[type[Settings], ...] = (DiagnoseSettings, RepairSettings, VerifySettings, UndoSettings)
        taken = next((kind.model_fields.keys() for kind in kinds if kind.command == command), _OF_ALL)
        given = {name: getattr(self, name, "") for name in _REPEATED if name in taken}
        given |= {"scope": "" if self.scope == "all" else self.scope}
        given |= {"report_dir": self._report_dir_given} if "report_dir" in given else {}
        options = (f" --{name.replace('_', '-')} {shlex.quote(value)}" for name, value in given.items() if value)
        return f"assistant-toolkit {command}{''.join(options)}"

    @property
    def _report_dir_given(self) -> str:
        """The folder in which a command made the run's folder; or a notebook's folder.

        Empty for the default, and for a fleet, which makes a run's folder in another one.
        """
        folder = Path(self.report_dir)
        if _RUN_FOLDER.fullmatch(folder.name):
            folder = folder.parent
        is_ours = folder == Path(REPORTS).absolute() or _RUN_FOLDER.fullmatch(folder.name)
        return "" if is_ours or not self.report_dir else str(folder)

    @property
    def after_stop(self) -> str:
        """The state of the platform after a stopped run, and the next command."""
        if not any(getattr(self, name, False) for name in ("apply", "resume", "forget")):
            return "Nothing was changed."
        return f"What was begun is kept, and the same command goes on with it. To see it: {self.command_line('undo')}"

    @property
    def seconds(self) -> float:
        """Seconds since the notebook's first call."""
        return round(time.monotonic() - self._started, 1)

    @property
    def is_practice(self) -> bool:
        """Whether both sides are in the toolkit's own sandbox."""
        return is_practice(self.supabase) and is_practice(self.langgraph or self.supabase)

    @property
    def report_folder(self) -> Path | None:
        """The folder for reports; None: none are written."""
        return Path(self.report_dir) if self.report_dir else None

    def databases(self) -> tuple[Database, Database]:
        """Return the Supabase side and the LangGraph side; one database twice when only one is named."""
        supabase = resolve(self.supabase)
        alone = "leave --langgraph out where both sides are one database"
        return supabase, (resolve(self.langgraph, alone) if self.langgraph else supabase)

    def secrets(self) -> set[str]:
        """Return the URLs and passwords behind the references."""
        return secrets_behind(self.supabase) | secrets_behind(self.langgraph)

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> Self:
        """Make settings of `values`, without coercion: the text "false" is not the bool False.

        Raises:
            ParameterError: on unknown names, and on values of another type or out of range; it names them all.
        """
        try:
            return cls(**values)
        except ValidationError as invalid:
            known = sorted(cls.model_fields)
            raise ParameterError("; ".join(kernel.explained(each, known) for each in invalid.errors())) from None

    @classmethod
    def given(cls, values: Mapping[str, Any]) -> Self:
        """Make settings of a call's keywords, and mask their secrets in the errors that the notebook shows.

        In a notebook, what papermill injected is checked, too: it injects any name of any type. Raise as `checked`.
        """
        settings = cls.checked({**kernel.injected(cls.model_fields.keys()), **values})
        kernel.mask_errors(spellings(settings.secrets()))
        return settings


def _known_kinds(kinds: list[str]) -> list[str]:
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of finding; {closest(kind, KINDS)}")
    return kinds


class AskingSettings(Settings):
    """Parameters of a notebook that can ask the server, as an ordinary user."""

    api_url: str = Field("", description="the server's URL; empty: the HTTP checks are left out, and said so")
    api_token: str = Field("", description="env:NAME of a variable with an ordinary user's JWT")

    @property
    def token(self) -> str:
        """The token itself, without the header's `Bearer`; empty where none is named or its variable is not set."""
        found = os.environ.get(self.api_token.removeprefix("env:"), "").strip() if self.api_token else ""
        return re.sub(r"(?i)^(authorization:\s*)?bearer(\s+|$)", "", found)

    def secrets(self) -> set[str]:
        """Return the token, too."""
        return super().secrets() | {self.token}

    @field_validator("api_url")
    @classmethod
    def _url_is_of_http(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^@?#\\\s]+", url):
            raise ValueError("expected http://… or https://…, without user, password, query and fragment")
        return url

    @field_validator("api_token")
    @classmethod
    def _token_is_a_reference(cls, token: str) -> str:
        if token and not token.startswith("env:"):
            raise ValueError("a token is named by reference: put it into an environment variable and write env:NAME")
        return token


class DiagnoseSettings(AskingSettings):
    """Parameters of `10-diagnose`."""

    command = "diagnose"
    notebook = "10-diagnose"
    fail_on: list[str] = Field([], description="noted kinds of findings that shall count as bad, too")

    _kinds = field_validator("fail_on")(_known_kinds)


class RepairSettings(Settings):
    """Parameters of `20-repair`."""

    command = "repair"
    notebook = "20-repair"
    only: list[str] = Field([], description="agent ids or kinds to repair; empty: all")
    allow: list[str] = Field([], description=f"{', '.join(ALLOWABLE)}: what is repaired only when named")
    apply: bool = Field(False, description="True changes the databases; False writes and shows the plan")
    plan: str = Field("", description="a saved plan.json to apply")
    digest: str = Field("", description="the digest of the plan that was approved, 16 digits or more")
    resume: str = Field("", description="an interrupted run to finish, as the repair named it; nothing else is done")
    journal_owner: str = Field("", description=_JOURNAL_OWNER)

    @field_validator("only")
    @classmethod
    def _only_agents_and_kinds(cls, only: list[str]) -> list[str]:
        agents = {entry: parse_uuid(entry) for entry in only}
        if odd := [entry for entry, agent in agents.items() if not agent and entry not in KINDS]:
            told = f"{odd[0]!r} is neither an agent's id, which `diagnosis.agents` has, nor a kind"
            raise ValueError(f"{told}; for kinds, {closest(odd[0], KINDS)}")
        return [str(agent or entry) for entry, agent in agents.items()]

    @field_validator("allow")
    @classmethod
    def _allow_what_can_be_allowed(cls, allow: list[str]) -> list[str]:
        allowed = []
        for entry in allow:
            form, _, spelled = entry.partition(":")
            agent = parse_uuid(spelled) if f"{form}:<agent id>" in ALLOWABLE else None
            if not agent and (entry not in ALLOWABLE or spelled):
                expected = f"{', '.join(ALLOWABLE[:-1])} or {ALLOWABLE[-1]}"
                raise ValueError(f"{entry!r} cannot be allowed; expected {expected}")
            allowed.append(f"{form}:{agent}" if agent else entry)
        return allowed

    @field_validator("digest")
    @classmethod
    def _digest_is_hexadecimal(cls, digest: str) -> str:
        if digest and not re.fullmatch("[0-9a-f]{16,64}", digest):
            raise ValueError("expected 16 to 64 hexadecimal digits, as the plan's page and terminal show them")
        return digest

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.apply and not (self.is_practice or self.digest or self.resume):
            both = "a repair without apply writes and shows both; a sandbox needs neither"
            how = "--plan FILE --digest HEX, in a script toolkit.apply(planned, digest=HEX)"
            raise ValueError(f"apply needs the approved plan and its digest, {how}: {both}")
        if self.plan and (self.only or self.allow):
            raise ValueError("only and allow shape a new plan; a saved one is applied as it was approved")
        if self.resume and (self.plan or self.only or self.allow):
            raise ValueError("resume finishes a run as it was approved; leave only, allow and plan out")
        return self


class VerifySettings(AskingSettings):
    """Parameters of `30-verify`."""

    command = "verify"
    notebook = "30-verify"
    supabase: str = Field("sandbox:repaired", description=_SUPABASE)


class UndoSettings(Settings):
    """Parameters of `40-undo`."""

    command = "undo"
    notebook = "40-undo"
    supabase: str = Field("sandbox:repaired", description=_SUPABASE)
    run: str = Field("", description="the run to undo, as the repair named it; empty: show which there are")
    apply: bool = Field(False, description="True restores; False shows what would be restored")
    forget: str = Field("", description="a run whose before-images are given up: it cannot be taken back any more")
    journal_owner: str = Field("", description=_JOURNAL_OWNER)

    @model_validator(mode="after")
    def _forgets_or_restores(self) -> Self:
        if self.forget and (self.run or self.apply):
            raise ValueError("forget gives up what undo needs; leave run and apply out")
        return self
