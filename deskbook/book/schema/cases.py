"""What a case is sorted by and asked for: severities, plans, facets, fields."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict

from deskbook.book.schema.hours import HoursOrName
from deskbook.book.schema.procedures import Papers, Steps
from deskbook.book.schema.section import Section, key
from deskbook.book.sums import FeeWord
from deskbook.book.words import AmountWord, Count, SeatsWord, WordList, Words, YesNo


def _from_list(value: Any) -> Any:
    """A plain list of names is short for a mapping of names without more to say."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return dict.fromkeys(value)
    return value


class Severity(Section):
    """One level. Text alone is its meaning."""

    short_for = "means"
    name: Words | None = key(
        "The word beside the key: `S1` with the name `Critical` is shown as `S1 – Critical`.",
        "Critical",
    )
    means: Words = key(
        "When to choose it, as the policy says.",
        "Nobody can work and there is no workaround.",
        default="",
    )
    default: YesNo = key(
        "`yes` for the level a case has when nobody says: exactly one.", "yes", default=False
    )
    only_by: WordList = key(
        "Channels through which this level may be claimed; any without it.", "phone", default=[]
    )


class Matrix(Section):
    """Works the severity out from impact and urgency instead of asking for it."""

    impact: WordList = key(
        "The impacts, gravest first.", ["everyone", "one office", "one person"], required=True
    )
    urgency: WordList = key(
        "The urgencies, most urgent first.", ["work stopped", "work slowed"], required=True
    )
    gives: dict[str, WordList] = key(
        "For each impact, the severity at each urgency, in the order of `urgency`.",
        {"everyone": ["P1", "P2"], "one office": ["P2", "P3"], "one person": ["P3", "P4"]},
        required=True,
    )


class Limit(Section):
    """How many cases, or how much work, a plan includes; every other key is a facet with its
    values: such cases alone. Counted for each organisation by the desk's calendar.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    most: Count | None = key("How many cases.", 10)
    time: AmountWord | None = key(
        "How much work in place of `most`, in hours and minutes; agents log the time they spend.",
        "10h",
    )
    each: Literal["week", "month", "quarter", "year"] = key(
        "In which period of the calendar.", "year", default="month"
    )
    at_a_time: YesNo = key(
        "`yes`: it counts the cases that are open, whenever they were opened.", "yes", default=False
    )
    beyond: Literal["refused", "taken"] = key(
        "What becomes of one more: `refused`, or `taken` and marked as beyond the plan.",
        "taken",
        default="refused",
    )


class PersonLimit(Limit):
    """What is taken of one person, whatever their plan: cases they open themselves, or reminders:
    what they write again on a case before the desk has answered. Words within an hour of those
    before add to them, in a chat nothing is counted.
    """

    of: Literal["cases", "reminders"] = key(
        "What is counted: `cases`, or `reminders` on one of them.", "reminders", default="cases"
    )
    after: AmountWord | None = key(
        "Of reminders, how long after the words that wait for an answer.", "3d"
    )


Limits = Annotated[
    list[Limit],
    BeforeValidator(
        lambda said: [said] if isinstance(said, dict) else said,
        json_schema_input_type=Limit | list[Limit],
    ),
]
PersonLimits = Annotated[
    list[PersonLimit],
    BeforeValidator(
        lambda said: [said] if isinstance(said, dict) else said,
        json_schema_input_type=PersonLimit | list[PersonLimit],
    ),
]


class Plan(Section):
    """What one group of customers bought."""

    short_for = "means"
    name: Words | None = key("What people see; without it, the key.", "Diamond Support")
    means: Words = key(
        "Who has this plan, in a sentence.",
        "Customers who pay for round-the-clock help.",
        default="",
    )
    contacts: SeatsWord | None = key(
        "How many named contacts open and close cases: a range, or one number.", "2-5", "2"
    )
    hours: HoursOrName | None = key(
        "The calendar of this plan's clocks: a name under `hours`, or the hours themselves.",
        "support",
        {"zone": "the customer's", "mon-fri": "09:00-17:00"},
    )
    after_hours: YesNo = key("`yes` when the plan includes help after hours.", "yes", default=False)
    channels: WordList = key(
        "By which channels its customers open cases; by all without it.",
        ["email", "portal"],
        default=[],
    )
    other_channels: Literal["refused", "taken"] = key(
        "What becomes of a case that comes by another channel: `refused`, or `taken` and marked as"
        " beyond the plan.",
        "taken",
        default="refused",
    )
    limits: Limits = key(
        "How many cases it includes, a line each; any number without it.",
        [{"most": 10, "each": "month"}, {"most": 2, "severity": "urgent", "beyond": "taken"}],
        default=[],
    )
    fee: FeeWord | None = key(
        "What it costs, for credits that are a part of it.", "1200 EUR a month"
    )
    entitlements: WordList = key(
        "What else the plan includes, as text for people.", ["Unlimited cases"], default=[]
    )


class Value(Section):
    """One value of a facet. Text alone is its meaning."""

    short_for = "means"
    name: Words | None = key("What people see; without it, the key.", "Bug fix")
    means: Words = key(
        "When it applies, as the policy says.",
        "The product does not do what its manual says.",
        default="",
    )
    steps: Steps = key(
        "What is done for it, in order: solved only with all of them ticked, but those marked"
        " `(optional)`.",
        ["Compare the list", "Thank the reporter (optional)"],
        default=[],
    )
    papers: Papers = key(
        "The papers it needs; what is missing is asked for.", ["FORM 3", "FORM 6"], default=[]
    )
    acted_by: WordList = key(
        "Who may act on it, as text for people.",
        ["PMU office", "users with U privilege"],
        default=[],
    )
    gathers: WordList = key(
        "Values it is the cause of: solving a `problem` offers to answer its incidents.",
        ["incident"],
        default=[],
    )
    seen_by: WordList = key(
        "Of a category, who of the desk sees its cases, beside who owns one: `team` (the one that"
        " has it), `level` (all teams of its level), names of teams, addresses of agents. Everybody"
        " else sees a number and a stage. Leads see what is confined to `team` or `level`.",
        "team",
        ["Ombudsman", "asha@desk.example"],
        default=[],
    )


Values = Annotated[
    dict[str, Value],
    BeforeValidator(
        _from_list, json_schema_input_type=str | list[str] | dict[str, Value | str | None]
    ),
]


class Facet(Section):
    """One finite list a case is sorted by."""

    name: Words | None = key("What people see; without it, the key.", "Part of the product")
    means: Words = key(
        "What the list is for.", "Which part of the product it is about.", default=""
    )
    values: Values = key(
        "The values, each with its meaning: a mapping, or a plain list of names.",
        {"billing": "Invoices and payments.", "login": None},
        ["billing", "login"],
        required=True,
    )
    asked: Literal["requester", "desk"] = key(
        "Who chooses: the requester in the form, or the desk.", "requester", default="desk"
    )
    required: YesNo = key(
        "`yes` when a case cannot be sent, or sorted, without it.", "yes", default=False
    )
    default: Words | None = key("The value a case has when nobody chooses.", "billing")


def _full_form(value: Any) -> Any:
    """`categories: [a, b]` and `categories: {a: …}` are short for `{values: …}`."""
    if isinstance(value, dict) and "values" in value:
        return value
    return value if isinstance(value, Facet) else {"values": value}


ShortFacet = Annotated[
    Facet,
    BeforeValidator(
        _full_form, json_schema_input_type=Facet | str | list[str] | dict[str, Value | str | None]
    ),
]


class Question(Section):
    """One more question of the case form. Text alone is the hint under it."""

    short_for = "hint"
    name: Words | None = key(
        "The question as people see it; without it, the key.", "Steps to reproduce"
    )
    hint: Words = key("A line of help under it.", "What did you click, in which order?", default="")
    required: YesNo = key(
        "`yes` when the form cannot be sent without an answer.", "yes", default=False
    )
    long: YesNo = key("`yes` for an answer of several lines.", "yes", default=False)
    asked: Literal["requester", "desk"] = key("Who is asked.", "desk", default="requester")


class Seats(Section):
    """How many people may use something outside the desk."""

    limit: Count = key("The most people.", 10, required=True)
    for_: WordList = key("Who must have a seat.", ["help desk", "eGov technical team"], default=[])
    means: Words = key("What it is.", "The free version of the tracker.", default="")
