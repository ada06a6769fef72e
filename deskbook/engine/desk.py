"""A desk: everything a book says, in the types the engine works with.

`book.load` builds one `Desk` from one book. Keys are the book's own words, lower case ("waiting for
customer", "s1"), titles are what people see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal

from deskbook.engine.amounts import Amount
from deskbook.engine.anonymous import Nameless
from deskbook.engine.calendar import Calendar
from deskbook.engine.channels import (
    Channel,
    ChannelKind,
    DirectoryField,
    Service,
    Site,
    SiteVisits,
    Template,
    usual_channel,
)
from deskbook.engine.choices import Choice
from deskbook.engine.keeping import Keep
from deskbook.engine.letter_parts import LetterLine
from deskbook.engine.macros import Macro
from deskbook.engine.organisation import Hop, Outside, Team
from deskbook.engine.plan_parts import Quota, Reminders, Ways
from deskbook.engine.procedure_parts import Procedure
from deskbook.engine.recurring import PromisedReport, Recurring
from deskbook.engine.service_level_parts import Compensation, Fee, ServiceLevel
from deskbook.engine.sight import Sight

ClockKind = Literal["response", "update", "promise", "team", "resolve", "team-resolve", "quiet"]
Effect = Literal["runs", "pauses", "stops"]
NextActor = Literal["desk", "requester", "third party", "nobody"]
Start = Literal[
    "opened",
    "verified",
    "acknowledged",
    "acknowledged or answered",
    "arrival",
    "answer",
    "first answer",
]
Unclocked = Literal["", "at once", "best effort", "no promise"]
Trigger = Literal[
    "opening",
    "assignment",
    "answering",
    "asking",
    "requester writing",
    "freeze",
    "estimate",
    "delivery",
]
Moment = Literal["opening", "breach", "handing up", "closing time"]
Conditions = Mapping[str, frozenset[str]]
"""Facet → the values it may have. An empty mapping matches every case."""


@dataclass(frozen=True, slots=True)
class Severity:
    key: str
    title: str
    means: str = ""
    default: bool = False
    only_by: frozenset[str] = frozenset()
    """Channels this severity may be claimed through; empty means any."""


@dataclass(frozen=True, slots=True)
class Plan:
    key: str
    title: str
    hours: str | None = None
    """Calendar of the plan's clocks; None is the desk's own."""
    customer_zone: bool = False
    """The plan's hours are wall time where the customer is."""
    after_hours: bool = False
    contacts: tuple[int, int] | None = None
    """Fewest and most named contacts."""
    quotas: tuple[Quota, ...] = ()
    ways: Ways = field(default_factory=Ways)
    fee: Fee | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    clock: ClockKind
    limit: Amount | None = None
    aim: Amount | None = None
    when: Conditions = field(default_factory=dict)
    agreed: bool = False
    """The agent may date the next update; without `limit` a date must be agreed."""
    on_request: bool = False
    """Due at the date the requester asked for."""
    unclocked: Unclocked = ""
    """What the book says in place of a time, on purpose: no clock runs."""
    recommended: bool = False
    hours: str | None = None
    """Calendar this target runs on; None is the plan's or the desk's."""
    starts: Start = "opened"
    after_hours: Fraction | None = None
    """How many times slower closed time counts, for plans that include after-hours service."""
    met_by: frozenset[str] = frozenset({"answer"})
    """What meets a team clock: "answer", "note"."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Ladder:
    remind: tuple[Amount, ...] = ()
    close: Amount | None = None
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    key: str
    title: str
    next: NextActor = "desk"
    means: str = ""
    clocks: Mapping[str, Effect] = field(default_factory=dict)
    """Effect for every clock kind but promise and quiet; the loader fills in the defaults."""
    moves: frozenset[str] | None = None
    """Stages a person may move it to; None is any."""
    by_hand: bool = True
    """A person may put a ticket here; otherwise only the system does."""
    refuses: frozenset[str] = frozenset()
    ladder: Ladder | None = None
    solved: bool = False
    closed: bool = False
    needs: tuple[str, ...] = ()
    """What a person must state to move a ticket here ("vendor", "reference")."""
    set_by: frozenset[Trigger] = frozenset()
    choices: tuple[Choice, ...] = ()
    """What the requester may decide here."""
    redirected: bool = False
    """Where a case ends that was passed to an outside contact: counted apart from solved."""


@dataclass(frozen=True, slots=True)
class Level:
    key: str
    title: str
    means: str = ""
    hands_up: tuple["HandUp", ...] = ()
    hours: str | None = None
    """Calendar of `hands_up`; None is the team's or the desk's."""


@dataclass(frozen=True, slots=True)
class HandUp:
    """What makes a case go on from a level by itself, and to whom."""

    after: Amount | None = None
    """From its arrival at the team; None at once when the clock is breached, or it comes back."""
    on: Literal["not answered", "not solved", "breached", "reopening"] = "not answered"
    """"not answered": nobody of the team took it, answered or noted. "reopening": its requester
    wrote on the solved or closed case.
    """
    clock: ClockKind | None = None
    """Which is "breached"."""
    when: Conditions = field(default_factory=dict)
    to: str | None = None
    """A level, a team or an outside contact; None is the next level that a way leads to."""
    line: int = 0

    @property
    def unmet(self) -> str:
        """What has not been done in time: "not answered", "not solved", "response breached"; or
        "reopening".
        """
        return f"{self.clock} breached" if self.clock else self.on


@dataclass(frozen=True, slots=True)
class Tell:
    """Who is told when something happens to a case of some sort."""

    on: frozenset[Moment]
    to: tuple[str, ...]
    """Teams, outside contacts, "leads", "owners", or addresses."""
    when: Conditions = field(default_factory=dict)
    hours: str | None = None
    """Calendar in which they are told; None is at once."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """Between two instants changes of some sort are taken in and held."""

    key: str
    title: str
    from_at: datetime
    until_at: datetime
    pick_up_at: datetime
    when: Conditions = field(default_factory=dict)
    hand_over_when: Conditions | None = None
    """Unsolved cases of this sort go to `hand_over_to` when the freeze ends."""
    hand_over_to: str | None = None


@dataclass(frozen=True, slots=True)
class Staffing:
    """How many people a team needs on shift, and when."""

    team: str
    hours: str
    at_least: int = 1
    place: str | None = None
    line: int = 0
    assign: Literal["round robin", "least loaded"] | None = None
    """How new tickets are given to who is on shift; None leaves them to be taken."""


@dataclass(frozen=True, slots=True)
class Rule:
    when: Conditions
    to: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """A finite list a case is sorted by: type, category, component, place …"""

    key: str
    title: str
    values: Mapping[str, str]
    """Value → title."""
    means: Mapping[str, str] = field(default_factory=dict)
    asked: Literal["requester", "desk"] = "desk"
    required: bool = False
    default: str | None = None
    gathers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Value → values whose tickets it is the cause of: problem → incident."""


@dataclass(frozen=True, slots=True)
class Field:
    """One more question of the case form, kept as text."""

    key: str
    title: str
    required: bool = False
    long: bool = False
    asked: Literal["requester", "desk"] = "requester"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Reopening:
    clocks: Literal["resume", "restart", "new"] = "resume"
    within: Amount | None = None
    """How long after closing a ticket may come back; later writing opens a new, linked one."""


@dataclass(frozen=True, slots=True)
class Desk:
    key: str
    title: str
    zone: str
    calendars: Mapping[str, Calendar]
    hours: str
    """Key of the desk's own calendar."""
    stages: Mapping[str, Stage]
    """In the book's order; the first is where a case opens."""
    version: int = 1
    prefix: str = "DB"
    languages: tuple[str, ...] = ("en",)
    severity_word: str = "severity"
    severities: Mapping[str, Severity] = field(default_factory=dict)
    matrix: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(impact, urgency) → severity, where the book works it out."""
    plans: Mapping[str, Plan] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    limits: tuple[Quota, ...] = ()
    """Of each person, whatever their plan."""
    reminders: tuple[Reminders, ...] = ()
    service_levels: tuple[ServiceLevel, ...] = ()
    compensations: tuple[Compensation, ...] = ()
    teams: Mapping[str, Team] = field(default_factory=dict)
    first_team: str | None = None
    """Where every case arrives before it is sorted; None routes at opening."""
    rules: tuple[Rule, ...] = ()
    answering_takes: bool = True
    """Whoever answers a case nobody owns becomes its owner."""
    sight: Sight = field(default_factory=Sight)
    facets: Mapping[str, Facet] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    levels: Mapping[str, Level] = field(default_factory=dict)
    """From the first to the last."""
    hops: tuple[Hop, ...] = ()
    """Empty: a case may go from any team to any other."""
    outside: Mapping[str, Outside] = field(default_factory=dict)
    procedures: tuple[Procedure, ...] = ()
    macros: tuple[Macro, ...] = ()
    keep: tuple[Keep, ...] = ()
    letters: tuple[LetterLine, ...] = ()
    anonymous: tuple[Nameless, ...] = ()
    """Which cases are taken without a name; empty: none."""
    recurring: tuple[Recurring, ...] = ()
    promised_reports: tuple[PromisedReport, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    staffing: tuple[Staffing, ...] = ()
    alert_always: frozenset[str] = frozenset()
    """Severities whose alerts do not wait for the receiving team's hours."""
    tells: tuple[Tell, ...] = ()
    channels: Mapping[str, Channel] = field(
        default_factory=lambda: {word: usual_channel(word) for word in ("email", "portal")}
    )
    """In the book's order."""
    directory: Mapping[str, DirectoryField] = field(default_factory=dict)
    official_mail: tuple[str, ...] = ()
    """Ends of official mail domains; empty: every address is as good as another."""
    sites: Mapping[str, Site] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    templates: tuple[Template, ...] = ()
    site_visits: tuple[SiteVisits, ...] = ()
    reopening: Reopening = field(default_factory=Reopening)
    mail: tuple[str, ...] = ()
    """Addresses of this desk."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Texts of the book without a key, in small letters → the same for who reads this desk."""
    translations: Mapping[str, "Desk"] = field(default_factory=dict, repr=False, compare=False)
    """Language → the same desk in its words, "" → in the book's own; empty where it has none."""

    def in_language(self, language: str) -> "Desk":
        """Returns the desk as its readers in a language see it; what the book does not say in it is
        in the book's own words.
        """
        among = (language, language.partition("-")[0], "")
        return next((self.translations[said] for said in among if said in self.translations), self)

    def said(self, text: str) -> str:
        """Returns what stands for a text of the book for who reads this desk."""
        return self.words.get(" ".join(text.split()).casefold(), text)

    @property
    def first_stage(self) -> Stage:
        return next(iter(self.stages.values()))

    @property
    def redirected_stage(self) -> Stage | None:
        """Where a case that goes outside ends: a stage of its own, else the first closed one."""
        stages = self.stages.values()
        own = next((stage for stage in stages if stage.redirected), None)
        return own or next((stage for stage in stages if stage.closed), None)

    def stage_set_by(self, trigger: Trigger) -> Stage | None:
        """The stage the system moves a ticket to when `trigger` happens, if the book names one."""
        return next((s for s in self.stages.values() if trigger in s.set_by), None)

    def channel_of(self, kind: ChannelKind) -> Channel | None:
        """Returns the book's first channel of this kind, if it has one."""
        return next((channel for channel in self.channels.values() if channel.kind == kind), None)

    def channel_hours(self, channel: Channel) -> Calendar:
        """Returns the calendar a channel is open on."""
        return self.calendars[channel.hours or self.hours]

    def template(self, purpose: str, channel: str, language: str) -> Template | None:
        """Returns the registered wording for a purpose: in the person's language, else in the
        desk's first.
        """
        fitting = {
            t.language: t for t in self.templates if t.purpose == purpose and t.channel == channel
        }
        order = (language, *self.languages, *fitting)
        return next((fitting[said] for said in order if said in fitting), None)

    @property
    def default_severity(self) -> str | None:
        return next((s.key for s in self.severities.values() if s.default), None)
