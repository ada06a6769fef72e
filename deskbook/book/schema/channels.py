"""How people reach the desk and how it reaches them: channels, places, what visitors come for,
fixed wordings.
"""

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, ConfigDict

from deskbook.book.schema.section import Section, key
from deskbook.book.words import CounterList, Language, Text, WordList, Words, YesNo, fold
from deskbook.engine.channels import KNOWN, ChannelKind

*_CONNECTED, _RECORDED_ONLY = (f"`{word}`" for word in get_args(ChannelKind))
CarrierWord = Literal["sms", "whatsapp"]


def _usual_word(value: Any) -> Any:
    return KNOWN.get(fold(value), fold(value)) if isinstance(value, str) else value


class Channel(Section):
    """One way people reach the desk. Text alone says what it is for. A plain list of names is
    enough.
    """

    short_for = "means"
    name: Words | None = key("What people see; without it, the key.", "Live chat")
    means: Words = key("What it is for, in a sentence.", "For what cannot wait.", default="")
    by: Annotated[ChannelKind, BeforeValidator(_usual_word, json_schema_input_type=str)] | None = (
        key(
            f"What Deskbook connects it to: {', '.join(_CONNECTED)}, or {_RECORDED_ONLY}, which is"
            " recorded only. Read off the name without it; a name that says none of these is"
            f" {_RECORDED_ONLY}.",
            "chat",
        )
    )
    hours: Words | None = key("The calendar it is open on; the desk's without it.", "office")
    asks: WordList = key(
        "Fields of the directory a requester states here, checked against it; the same as `asked"
        " by` there.",
        ["name", "PEN"],
        default=[],
    )
    when_closed: Words = key(
        "What people are told out of its hours.",
        "Write to us: we answer in office hours.",
        default="",
    )


class Service(Section):
    """What visitors come for, each with a queue of its own at each site. Every other key is a
    facet, with its value: a visit for it is sorted so at once. Text alone is its meaning.
    """

    short_for = "means"
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    name: Words | None = key("What visitors see; without it, the key.", "Salary matters")
    means: Words = key("What it is, in a sentence.", "Pay bills, deductions, arrears.", default="")
    in_: dict[Language, Words] = key(
        "Its name in other languages, for the kiosk.",
        {"ml": "ശമ്പള കാര്യങ്ങൾ", "hi": "वेतन"},
        default={},
    )


class Site(Section):
    """One place people can call or go to; every site is a value of the facet `site`. Text alone is
    its meaning.
    """

    short_for = "means"
    name: Words | None = key("What people see; without it, the key.", "District Treasury, Kollam")
    means: Words = key(
        "What can be done there.", "Regional desk of the northern districts.", default=""
    )
    team: Words | None = key("The team that sits there.", "Kannur regional desk")
    phone: Words | None = key("Its telephone number, as people dial it.", "0471 2579700")
    visitor_hours: Words | None = key(
        "The calendar visitors are received on, a name under `hours`; the walk-in channel's"
        " without it.",
        "counter",
    )
    counters: CounterList = key(
        "Its counters, where visitors are received by token: how many, or their names. Without it,"
        " none.",
        3,
        ["A", "B", "Enquiries"],
        default=[],
    )
    services: WordList = key(
        "What visitors can come for; every service of the book without it.",
        ["salary", "forms"],
        default=[],
    )


class DirectoryField(Section):
    """What the directory knows of a requester. Text alone is its meaning."""

    short_for = "means"
    name: Words | None = key("What people see; without it, the key.", "PEN")
    means: Words = key("What it is.", "Permanent Employee Number.", default="")
    identifies: YesNo = key("`yes` when no two people have the same.", "yes", default=False)
    required: YesNo = key("`yes` when nobody is in the directory without it.", "yes", default=False)
    asked_by: WordList = key(
        "Channels on which a requester must give it, to be checked against the directory; the same"
        " as `asks` there.",
        ["live chat"],
        default=[],
    )


class Template(Section):
    """One wording registered with a carrier: text messages in India (DLT), what WhatsApp lets a
    desk begin with.
    """

    for_: Words = key(
        "What it tells: `acknowledgement`, `answer`, `reminder`, `closing`, `code` (to sign in),"
        " `call back`, `token`, `visit`, `notice`, `severity`, `paper`, `redirect`, `freeze`,"
        " `estimate`, `delivery`, `end of texts` (once, to who asked for no more of them).",
        "acknowledgement",
        required=True,
    )
    by: Annotated[CarrierWord, BeforeValidator(_usual_word, json_schema_input_type=str)] = key(
        "What carries it: `sms` or `whatsapp`.", "sms", required=True
    )
    language: Language = key("The language it is written in.", "ml", required=True)
    text: Text = key(
        "The wording as registered, with {ticket}, {subject}, {text}, {code}, {link}, {name},"
        " {when}, {desk}, {token}, {place}, {number}, or what `letters` say, where something is"
        " filled in.",
        "Your request is {ticket}.",
        required=True,
    )
    id: Words | None = key(
        "What it is registered as: the number of the DLT template, or the name of the WhatsApp"
        " template.",
        "1107160000000000001",
    )


class SiteVisit(Section):
    """Cases that end in people going somewhere; every other key is a facet, with the value or
    values it must have.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    decided_by: Words = key("The team that decides whether somebody goes.", "PMU", required=True)
    carried_out_by: Words = key(
        "The team whose people with free days are proposed.",
        "Department Master Trainers",
        required=True,
    )
