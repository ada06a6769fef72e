"""Who takes a case, and how it gets to them."""

from typing import Literal

from pydantic import ConfigDict

from deskbook.book.schema.section import Section, key
from deskbook.book.words import Address, AmountWord, SeatsWord, WordList, Words, YesNo


class Team(Section):
    """One team. Text alone says what it is for."""

    short_for = "means"
    name: Words | None = key("What people see; without it, the key.", "HUDD technical team")
    means: Words = key(
        "What the team is for, in a sentence.", "Infrastructure provided by HUDD.", default=""
    )
    hours: Words | None = key(
        "The calendar of this team's clocks; the desk's without it.", "bangalore"
    )
    mail: Address | None = key("Where the team is told of new cases.", "technical@hudd.example")
    level: Words | None = key("The level it belongs to; a name under `levels`.", "L2")
    people: dict[str, SeatsWord | None] = key(
        "Who it is made of, by role, never by name: how many, or nothing.",
        {"MISAU staff": "3-4", "eGov staff": 1},
        default={},
    )
    led_by: Words | None = key("The role that leads it.", "NMCP lead")


class Rule(Section):
    """One line of routing: the facets a case must have, and the team it goes to. No condition fits
    every case.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    to: Words = key("The team.", "Master Trainers", required=True)


class Routing(Section):
    """Rules are read in order; the first that fits wins."""

    first: Words | None = key(
        "The team every case arrives at before it is sorted; without it rules apply at opening.",
        "help desk",
    )
    rules: list[Rule] = key(
        "The rules, in order. `check` proves that every combination fits one and that none is"
        " dead.",
        [{"kind": "functional", "to": "Master Trainers"}],
        default=[],
    )
    answering_takes: YesNo = key(
        "Whoever answers a case nobody owns takes it; with `no` it stays with nobody.",
        False,
        default=True,
    )


class Reopening(Section):
    """What happens when somebody writes on a closed case."""

    clocks: Literal["resume", "restart", "new"] = key(
        "`resume` counts the closed time as a pause, `restart` starts the clocks again, `new`"
        " begins new ones.",
        "restart",
        default="resume",
    )
    within: AmountWord | None = key(
        "How long after closing a case comes back; later writing opens a new, linked one.",
        "30d",
    )
