"""Several acts on a case by one key."""

from pydantic import ConfigDict

from deskbook.book.schema.section import Section, key
from deskbook.book.words import Text, WordList, Words


class Macro(Section):
    """What is done together, in this order; every other key is a facet with its values: only on
    such cases it is offered.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    name: Words = key("What it is called.", "Papers are missing", required=True)
    sort: dict[str, Words] = key(
        "What the case is sorted as: facets, each with its value.",
        {"category": "login"},
        default={},
    )
    to: Words | None = key("The team it is handed to.", "help desk")
    note: Text | None = key("What is noted, for the desk alone.", "Asked for the papers.")
    answer: Text | None = key(
        "What the requester is answered, with {name}, {ticket}, {subject} or {desk} where something"
        " is filled in.",
        "Dear {name}, please send us FORM 3.",
    )
    stage: Words | None = key("The stage it goes to.", "waiting for the reporter")
