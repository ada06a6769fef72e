"""Levels, the ways between them, who is outside, who is on shift, who answers for what."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, model_validator

from deskbook.book.schema.section import Section, key
from deskbook.book.words import (
    Address,
    AmountWord,
    Count,
    WordList,
    Words,
    fold,
    listed,
    refuse,
)

Unmet = Literal[
    "not answered",
    "not solved",
    "response breached",
    "update breached",
    "resolve breached",
    "team breached",
    "team resolve breached",
    "reopening",
]


def _unmet(value: Any) -> Any:
    """`resolution` is `resolve`, as in scenarios."""
    return fold(value).replace("resolution", "resolve") if isinstance(value, str) else value


def _at_once(value: Any) -> Any:
    """`at once` is no time at all: it goes up in the moment it arrives."""
    return "0h" if isinstance(value, str) and fold(value) in ("at once", "immediately") else value


class HandUp(Section):
    """What makes a case go on from a level by itself. An amount alone is how long nobody may have
    acted.

    Every other key is a facet of the case (`severity`, `plan` …) with the value or values it must
    have: of lines that wait for the same, the one with the most conditions counts.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    short_for = "after"
    after: Annotated[AmountWord | None, BeforeValidator(_at_once)] = key(
        "How long a team may have it, from its arrival there, another team of the level anew;"
        " `at once` where a level only takes it in. None with a clock, whose limit says it, nor"
        " with `reopening`.",
        "3bd",
    )
    on: Annotated[Unmet, BeforeValidator(_unmet)] = key(
        "What has not been done by then: `not answered` (nobody of the team took it, answered or"
        " noted), `not solved`, or the clock that is over its limit: `response breached`, `update"
        " breached`, `resolve breached`, `team breached`, `team resolve breached`."
        " `reopening`: at once, when its requester writes on the solved or closed case.",
        "not solved",
        default="not answered",
    )
    to: Words | None = key(
        "Who gets it: a level, a team or an outside contact, which ends it here (with"
        " `reopening` a level or a team alone, which redirects it); without it the next level a hop"
        " leads to.",
        "L3",
    )


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


HandUps = Annotated[
    list[HandUp],
    BeforeValidator(_one_or_more, json_schema_input_type=str | HandUp | list[HandUp | str]),
]


class Level(Section):
    """One level of support, from the first to the last. Text alone says what it is for."""

    short_for = "means"
    name: Words | None = key("What people see; without it, the key.", "L2 – Help desk")
    means: Words = key(
        "What the level does, in a sentence.", "Resolves what the first level cannot.", default=""
    )
    hands_up_after: Annotated[AmountWord | None, BeforeValidator(_at_once)] = key(
        "Goes to the next level by itself when nobody of this one takes it, answers or notes within"
        " this: short for `hands up: 30m`.",
        "30m",
    )
    hands_up: HandUps = key(
        "When it goes on by itself, and to whom, line by line; several may hold, and the first to"
        " be due counts.",
        {"after": "3bd", "on": "not solved"},
        [{"severity": "S1", "after": "1bd", "on": "not solved", "to": "L3"}, {"after": "30m"}],
        default=[],
    )
    hours: Words | None = key(
        "The calendar `hands up` counts on; the team's or the desk's without it.", "maputo"
    )


class Hop(Section):
    """One way from a level or team to another. Back is a line of its own. Without any line every
    way is open.
    """

    from_: WordList = key(
        "The level or team it leaves; several in a list.",
        "L1",
        ["Kannur desk", "Wayanad desk"],
        required=True,
    )
    to: WordList = key("The level or team it arrives at; several in a list.", "L2", required=True)
    by: WordList = key(
        "How it is passed on; any way without it.", ["phone", "WhatsApp"], default=[]
    )


class Outside(Section):
    """Somebody a case is redirected to when it is none of the desk's. Text alone says who
    they are.
    """

    short_for = "means"
    name: Words | None = key("What people see; without it, the key.", "NMCP officials")
    means: Words = key(
        "Who they are, in a sentence.", "The malaria programme's officials.", default=""
    )
    by: WordList = key("How they are reached.", ["phone", "WhatsApp"], default=[])
    for_: WordList = key(
        "What is theirs, as the policy words it.", ["Not enough stock of drugs"], default=[]
    )
    mail: Address | None = key(
        "Where they are told of what `tell` names them for, and of a case that is handed up to them"
        " by itself.",
        "officials@programme.example",
    )


class Tell(Section):
    """Who is told of what happens to a case, by mail; every other key is a facet of the case with
    the value or values it must have.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    on: Annotated[
        list[Literal["opening", "breach", "handing up", "closing time"]],
        BeforeValidator(listed, json_schema_input_type=str | list[str]),
    ] = key(
        "When: at `opening`, at a `breach` of any clock, at `handing up` by itself; at"
        " `closing time` they get the numbers of the day.",
        ["breach", "handing up"],
        required=True,
    )
    to: WordList = key(
        "Who: a team (at its address, else all its people), an outside contact with `mail`, the"
        " desk's `leads` or `owners`, or a mail address.",
        ["leads", "manager@desk.example"],
        required=True,
    )
    hours: Words | None = key(
        "A calendar: what happens while it is closed they are told when it opens, and"
        " `closing time` is its own. At once, and the desk's, without it.",
        "office",
    )


class RosterLine(Section):
    """How many people a team needs on shift, and when. `deskbook check --roster` proves it."""

    team: Words = key("The team.", "L2", required=True)
    during: Words | None = key("The calendar; the team's or the desk's without it.", "maputo")
    at_least: Count = key("The fewest people on shift.", 2, default=1)
    assign: Literal["round robin", "least loaded"] | None = key(
        "How new cases are given to who is on shift; without it people take them.", "round robin"
    )
    place: Words | None = key("The site it is for; every site without it.", "Nampula")


class Alerts(Section):
    """Alerts wait for the hours of the team that gets them."""

    always_for: WordList = key("Severities whose alerts do not wait.", ["critical"], default=[])


class Responsibility(Section):
    """One responsibility. Text alone is who owns it."""

    short_for = "owned by"
    owned_by: WordList = key("Who answers for it.", "MISAU", default=[])
    supported_by: WordList = key("Who helps.", ["Provincial staff"], default=[])

    @model_validator(mode="before")
    @classmethod
    def _what_comes_first(cls, value: Any) -> Any:
        if isinstance(value, list):
            raise refuse(
                "write what is done first, then who owns it: `Training the staff: eGov`", "type"
            )
        return value


class HandOver(Section):
    """What is handed over when a freeze ends; every other key is a facet, with the value or values
    it must have.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    to: Words = key("The team that gets it.", "L3", required=True)


def _as_conditions(value: Any) -> Any:
    """`what: [change request]` is short for `what: { type: [change request] }`."""
    return {"type": value} if isinstance(value, str | list) else value


WhatWord = Annotated[
    dict[str, WordList],
    BeforeValidator(
        _as_conditions, json_schema_input_type=str | list[str] | dict[str, str | list[str]]
    ),
]
