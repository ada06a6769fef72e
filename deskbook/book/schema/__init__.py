"""The language of a book, as types. Descriptions and examples become docs/book/ and the editors'
schema.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from deskbook.book.schema.anonymous import Anonymous
from deskbook.book.schema.cases import (
    Facet,
    Matrix,
    PersonLimits,
    Plan,
    Question,
    Seats,
    Severity,
    ShortFacet,
    _from_list,
)
from deskbook.book.schema.channels import (
    Channel,
    DirectoryField,
    Service,
    Site,
    SiteVisit,
    Template,
)
from deskbook.book.schema.hours import Campaign, Freezes, HolidayList, Hours
from deskbook.book.schema.keeping import Keep
from deskbook.book.schema.languages import InLanguage
from deskbook.book.schema.letters import LetterLine
from deskbook.book.schema.levels import (
    Alerts,
    Hop,
    Level,
    Outside,
    Responsibility,
    RosterLine,
    Tell,
)
from deskbook.book.schema.macros import Macro
from deskbook.book.schema.procedures import Procedure
from deskbook.book.schema.recurring import RecurringCase, ReportLine
from deskbook.book.schema.section import Section, key
from deskbook.book.schema.service_levels import Compensation, ServiceLevel
from deskbook.book.schema.stages import Stage
from deskbook.book.schema.targets import Target
from deskbook.book.schema.teams import Reopening, Routing, Team
from deskbook.book.words import (
    AddressList,
    DateWord,
    Language,
    Prefix,
    WordList,
    Words,
    ZoneWord,
    refuse,
)


def _first_edition(value: Any) -> int:
    if str(value).strip() != "1":
        raise refuse(
            f"{value!r}: this Deskbook reads edition 1 of the language, write `deskbook: 1`",
            "edition",
        )
    return 1


Edition = Annotated[int, BeforeValidator(_first_edition, json_schema_input_type=int)]


def _named(value: Any) -> Any:
    return _from_list(value)


Severities = Annotated[
    dict[str, Severity],
    BeforeValidator(_named, json_schema_input_type=dict[str, Severity | str | None]),
]
Teams = Annotated[
    dict[str, Team],
    BeforeValidator(_named, json_schema_input_type=list[str] | dict[str, Team | str | None]),
]
Plans = Annotated[
    dict[str, Plan],
    BeforeValidator(_named, json_schema_input_type=list[str] | dict[str, Plan | str | None]),
]
Stages = Annotated[
    dict[str, Stage],
    BeforeValidator(_named, json_schema_input_type=list[str] | dict[str, Stage | str | None]),
]
Questions = Annotated[
    dict[str, Question],
    BeforeValidator(_named, json_schema_input_type=list[str] | dict[str, Question | str | None]),
]
Levels = Annotated[
    dict[str, Level],
    BeforeValidator(_named, json_schema_input_type=list[str] | dict[str, Level | str | None]),
]
Sites = Annotated[
    dict[str, Site],
    BeforeValidator(_named, json_schema_input_type=list[str] | dict[str, Site | str | None]),
]
Directory = Annotated[
    dict[str, DirectoryField],
    BeforeValidator(
        _named, json_schema_input_type=list[str] | dict[str, DirectoryField | str | None]
    ),
]
Channels = Annotated[
    dict[str, Channel],
    BeforeValidator(
        _named, json_schema_input_type=str | list[str] | dict[str, Channel | str | None]
    ),
]
Services = Annotated[
    dict[str, Service],
    BeforeValidator(_named, json_schema_input_type=list[str] | dict[str, Service | str | None]),
]
Languages = Annotated[
    list[Language],
    BeforeValidator(
        lambda v: v.split(",") if isinstance(v, str) else v, json_schema_input_type=str | list[str]
    ),
]


class Book(Section):
    """A book: how one desk works, from its hours to its teams."""

    deskbook: Edition = key("The edition of this language.", 1, required=True)
    name: Words = key("What people see.", "Sparkrock Customer Support", required=True)
    about: Words = key(
        "What the desk is for, and where its policy is written.",
        "Help for users of the Works app.",
        default="",
    )
    zone: ZoneWord = key(
        "The desk's time zone, by its IANA name.", "America/Toronto", required=True
    )
    languages: Languages = key(
        "Languages the desk writes, first the usual one.", ["en", "pt"], default=["en"]
    )
    written_in: Language | None = key(
        "The language this book is written in; the first of `languages` without it.", "en"
    )
    prefix: Prefix | None = key(
        "How ticket numbers begin; taken from the file's name without it.", "SPR"
    )
    mail: AddressList = key(
        "The desk's mail addresses, of no other desk; answers leave from the first.",
        "help@desk.example",
        default=[],
    )
    channels: Channels = key(
        "How people reach the desk: a list of names, or a mapping with hours and what each asks."
        " Without it: email and portal.",
        ["email", "portal", "phone"],
        {"live chat": {"hours": "office", "asks": ["name", "PEN"]}},
        default={},
    )
    dates: dict[str, DateWord] = key(
        "Dates with a name, for `open` and `freeze`: move one here and all that hangs on it moves.",
        {"end of distribution": "2023-08-14"},
        default={},
    )
    open: Campaign | None = key(
        "Dates between which the desk exists at all: a campaign.",
        {"from": "2023-08-07", "until": "2023-08-14"},
    )
    freeze: Freezes = key(
        "Changes that are held between dates; a list when there are several.",
        {"what": ["change request"], "while": "campaign", "pick up": "the day after"},
        default=[],
    )
    holidays: dict[str, HolidayList] = key(
        "Named lists of closed days.",
        {"ontario holidays": {"2026-07-01": "Canada Day"}},
        default={},
    )
    hours: dict[str, Hours] = key(
        "Named calendars; the first is the desk's own unless one says `default: yes`.",
        {"support": {"mon-fri": "08:00-20:00", "closed": "ontario holidays"}},
        required=True,
    )
    plans: Plans = key(
        "What customers bought.", {"standard": {"contacts": "2-5", "hours": "support"}}, default={}
    )
    severities: Severities | None = key(
        "How bad it is, gravest first.",
        {"S1": {"name": "Critical", "means": "Nobody can work."}, "S2": {"default": "yes"}},
    )
    priorities: Severities | None = key(
        "The same as `severities`, for desks that say priority; write one of the two.",
        {"P1": {"name": "Critical"}},
    )
    matrix: Matrix | None = key(
        "Works the severity out from impact and urgency.",
        {
            "impact": ["all", "one"],
            "urgency": ["now", "later"],
            "gives": {"all": ["P1", "P2"], "one": ["P2", "P3"]},
        },
    )
    targets: list[Target] = key(
        "How soon, line by line.",
        [{"severity": "S1", "respond": "2h", "update": "1/2 bd"}],
        default=[],
    )
    limits: PersonLimits = key(
        "How often one person may open a case, or remind the desk of one, a line each.",
        [{"most": 3, "at a time": "yes"}, {"most": 2, "of": "reminders", "each": "week"}],
        default=[],
    )
    service_levels: list[ServiceLevel] = key(
        "How many of the cases of a period are in time.",
        [{"name": "Urgent answers", "at least": "95%", "of": "respond", "severity": "S1"}],
        default=[],
    )
    compensation: list[Compensation] = key(
        "What is owed for a case that is late: worked out, and never paid by the desk itself.",
        [{"name": "Late supply", "late": "resolve", "pays": "250 INR", "each": "1d"}],
        default=[],
    )
    stages: Stages = key(
        "Where a case can stand, in order. Without it: new, open, waiting, solved, closed.",
        {
            "new": {"next": "desk"},
            "waiting": {"next": "requester", "remind": ["2bd"], "close": "5bd"},
        },
        default={},
    )
    types: ShortFacet | None = key("Kinds of case; a facet called `type`.", ["incident", "problem"])
    categories: ShortFacet | None = key(
        "What a case is about; a facet called `category`.", {"login": "Cannot sign in."}
    )
    facets: dict[str, Facet] = key(
        "More finite lists a case is sorted by.",
        {"component": {"values": ["app", "server"], "asked": "requester"}},
        default={},
    )
    fields: Questions = key(
        "More questions of the case form, answered in text.", {"steps": {"long": "yes"}}, default={}
    )
    procedures: list[Procedure] = key(
        "Steps and papers of cases that several facets tell apart.",
        [{"category": "data", "type": "service request", "papers": ["Village list"]}],
        default=[],
    )
    macros: list[Macro] = key(
        "Several acts on a case by one key.",
        [{"name": "Papers are missing", "answer": "Dear {name}, please send us FORM 3."}],
        default=[],
    )
    recurring: list[RecurringCase] = key(
        "Cases that open by themselves on dates that come round.",
        [{"every": "first working day of the month", "at": "09:00", "case": "Check the backups"}],
        default=[],
    )
    reports: list[ReportLine] = key(
        "Reports that are promised: who is mailed which numbers on which dates.",
        [{"name": "Monthly report", "every": "5th of the month", "to": "leads"}],
        default=[],
    )
    levels: Levels = key(
        "Levels of support, from the first to the last.",
        {"L1": "On the spot.", "L2": None},
        default={},
    )
    hops: list[Hop] = key(
        "The ways a case may go between levels and teams, and by which channels; all without it.",
        [{"from": "L1", "to": "L2", "by": ["phone", "WhatsApp"]}],
        default=[],
    )
    outside: dict[str, Outside] = key(
        "Who gets what is none of the desk's.", {"NMCP officials": {"by": ["phone"]}}, default={}
    )
    sites: Sites = key(
        "Places people call or go to.", {"PMU": {"phone": "0471 2579700"}}, default={}
    )
    services: Services = key(
        "What visitors come for.",
        {"salary": {"name": "Salary matters", "in": {"ml": "ശമ്പള കാര്യങ്ങൾ"}}},
        default={},
    )
    site_visits: list[SiteVisit] = key(
        "Cases that end in people going somewhere: who decides it, who goes.",
        [{"type": "on-site training", "decided by": "PMU", "carried out by": "Trainers"}],
        default=[],
    )
    templates: list[Template] = key(
        "Wordings registered with carriers.",
        [
            {
                "for": "acknowledgement",
                "by": "sms",
                "language": "en",
                "text": "Your request is {ticket}.",
            }
        ],
        default=[],
    )
    directory: Directory = key(
        "What is known of each requester, and what tells them apart.",
        {"PEN": {"identifies": "yes"}},
        default={},
    )
    official_mail: WordList = key(
        "Ends of official addresses: mail from others is taken, and marked.", ["gov.in"], default=[]
    )
    teams: Teams = key(
        "Who takes cases.", {"help desk": "First line.", "technical": None}, default={}
    )
    routing: Routing | None = key(
        "Which case goes to which team.", {"rules": [{"category": "login", "to": "help desk"}]}
    )
    rosters: list[RosterLine] = key(
        "Who must be on shift, line by line.",
        [{"team": "L2", "during": "maputo", "at least": 2}],
        default=[],
    )
    alerts: Alerts = key(
        "Whose alerts do not wait for office hours.", {"always for": ["critical"]}, default=Alerts()
    )
    tell: list[Tell] = key(
        "Who else is told when a case is opened, late or handed up.",
        [{"on": "opening", "severity": "S1", "to": "leads"}],
        default=[],
    )
    agents_see: Literal["all cases", "their teams"] = key(
        "With `their teams`, agents see the cases of their teams, their own, and those no team has;"
        " leads and owners see all.",
        "their teams",
        default="all cases",
    )
    reopening: Reopening = key(
        "What writing on a closed case does.",
        {"clocks": "resume", "within": "30d"},
        default=Reopening(),
    )
    anonymous: list[Anonymous] = key(
        "Cases that are taken without a name.",
        [{"by": ["portal", "phone"], "category": "conduct"}],
        default=[],
    )
    letters: list[LetterLine] = key(
        "What letters of the desk must say.",
        [{"for": "acknowledgement", "says": ["number", "solved by", "officer"]}],
        default=[],
    )
    keep: list[Keep] = key(
        "How long things are kept; then what was written is erased, and the numbers stay.",
        [{"what": "cases", "for": "3y"}, {"what": "files", "for": "1y"}],
        default=[],
    )
    seats: dict[str, Seats] = key(
        "Limits of people on tools outside the desk.", {"Jira": {"limit": 10}}, default={}
    )
    responsibilities: dict[str, Responsibility] = key(
        "What must be done, and who owns it.",
        {
            "Verifying the severity": "Sparkrock",
            "Office space": {"owned by": "MISAU", "supported by": "provinces"},
        },
        default={},
    )
    notes: dict[str, Words] = key(
        "What the policy says that no rule carries, as text for people.",
        {"community": "Everyone may read."},
        default={},
    )
    in_: dict[Language, InLanguage] = key(
        "The words of this book in other languages.",
        {"pt": {"stages": {"new": "Novo", "closed": "Encerrado"}}},
        default={},
    )
