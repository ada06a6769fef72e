"""The language of a book, as types. Descriptions and examples become docs/book/ and the editors' schema."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from deskbook.book.schema.cases import Facet, Matrix, Plan, Question, Seats, Severity, ShortFacet, _from_list
from deskbook.book.schema.hours import Campaign, HolidayList, Hours
from deskbook.book.schema.section import Section, key
from deskbook.book.schema.stages import Stage
from deskbook.book.schema.targets import Target
from deskbook.book.schema.teams import Reopening, Routing, Team
from deskbook.book.words import AddressList, Language, Prefix, WordList, Words, ZoneWord, refuse


def _first_edition(value: Any) -> int:
    if str(value).strip() != "1":
        raise refuse(f"{value!r}: this Deskbook reads edition 1 of the language, write `deskbook: 1`", "edition")
    return 1


Edition = Annotated[int, BeforeValidator(_first_edition, json_schema_input_type=int)]


def _named(value: Any) -> Any:
    return _from_list(value)


Severities = Annotated[
    dict[str, Severity], BeforeValidator(_named, json_schema_input_type=dict[str, Severity | str | None])
]
Teams = Annotated[
    dict[str, Team], BeforeValidator(_named, json_schema_input_type=list[str] | dict[str, Team | str | None])
]
Plans = Annotated[
    dict[str, Plan], BeforeValidator(_named, json_schema_input_type=list[str] | dict[str, Plan | str | None])
]
Stages = Annotated[
    dict[str, Stage], BeforeValidator(_named, json_schema_input_type=list[str] | dict[str, Stage | str | None])
]
Questions = Annotated[
    dict[str, Question], BeforeValidator(_named, json_schema_input_type=list[str] | dict[str, Question | str | None])
]
Languages = Annotated[
    list[Language],
    BeforeValidator(lambda v: v.split(",") if isinstance(v, str) else v, json_schema_input_type=str | list[str]),
]


class Book(Section):
    """A book: how one desk works, from its hours to its teams."""

    deskbook: Edition = key("The edition of this language.", 1, required=True)
    name: Words = key("What people see.", "Sparkrock Customer Support", required=True)
    about: Words = key(
        "What the desk is for, and where its policy is written.", "Help for users of the Works app.", default=""
    )
    zone: ZoneWord = key("The desk's time zone, by its IANA name.", "America/Toronto", required=True)
    languages: Languages = key("Languages the desk writes, first the usual one.", ["en", "pt"], default=["en"])
    prefix: Prefix | None = key("How ticket numbers begin; taken from the file's name without it.", "SPR")
    mail: AddressList = key("The desk's mail addresses; answers leave from the first.", "help@desk.example", default=[])
    channels: WordList = key("How people reach the desk.", ["email", "portal", "phone"], default=["email", "portal"])
    open: Campaign | None = key(
        "Dates between which the desk exists at all: a campaign.", {"from": "2023-08-07", "until": "2023-08-14"}
    )
    holidays: dict[str, HolidayList] = key(
        "Named lists of closed days.", {"ontario holidays": {"2026-07-01": "Canada Day"}}, default={}
    )
    hours: dict[str, Hours] = key(
        "Named calendars; the first is the desk's own unless one says `default: yes`.",
        {"support": {"mon-fri": "08:00-20:00", "closed": "ontario holidays"}}, required=True,
    )  # fmt: skip
    plans: Plans = key("What customers bought.", {"standard": {"contacts": "2-5", "hours": "support"}}, default={})
    severities: Severities | None = key(
        "How bad it is, gravest first.",
        {"S1": {"name": "Critical", "means": "Nobody can work."}, "S2": {"default": "yes"}},
    )
    priorities: Severities | None = key(
        "The same as `severities`, for desks that say priority; write one of the two.", {"P1": {"name": "Critical"}}
    )
    matrix: Matrix | None = key(
        "Works the severity out from impact and urgency.",
        {"impact": ["all", "one"], "urgency": ["now", "later"], "gives": {"all": ["P1", "P2"], "one": ["P2", "P3"]}},
    )
    targets: list[Target] = key(
        "How soon, line by line.", [{"severity": "S1", "respond": "2h", "update": "1/2 bd"}], default=[]
    )
    stages: Stages = key(
        "Where a case can stand, in order. Without it: new, open, waiting, solved, closed.",
        {"new": {"next": "desk"}, "waiting": {"next": "requester", "remind": ["2bd"], "close": "5bd"}}, default={},
    )  # fmt: skip
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
    teams: Teams = key("Who takes cases.", {"help desk": "First line.", "technical": None}, default={})
    routing: Routing | None = key(
        "Which case goes to which team.", {"rules": [{"category": "login", "to": "help desk"}]}
    )
    reopening: Reopening = key(
        "What writing on a closed case does.", {"clocks": "resume", "within": "30d"}, default=Reopening()
    )
    seats: dict[str, Seats] = key("Limits of people on tools outside the desk.", {"Jira": {"limit": 10}}, default={})
    responsibilities: dict[str, WordList] = key(
        "Who does what, as text for people.", {"named contacts": ["open and close cases"]}, default={}
    )
    notes: dict[str, Words] = key(
        "What the policy says that no rule carries, as text for people.",
        {"community": "Everyone may read."},
        default={},
    )
