"""How long things are kept."""

from typing import Literal

from pydantic import ConfigDict

from deskbook.book.schema.section import Section, key
from deskbook.book.words import AmountWord, WordList

KeptWord = Literal["cases", "files", "chats", "call notes", "mails not taken in"]


class Keep(Section):
    """What is kept for how long; every other key is a facet with its values: such cases alone."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    what: KeptWord = key(
        "`cases`: all that was written of a case and who asked, from the day it was closed;"
        " `files`, `chats`, `call notes`: that part of it; `mails not taken in`: from the day they"
        " came.",
        "cases",
        required=True,
    )
    for_: AmountWord = key("Days, weeks, months or years of the calendar.", "3y", required=True)
