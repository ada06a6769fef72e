"""Cases taken without a name."""

from pydantic import ConfigDict

from deskbook.book.schema.section import Section, key
from deskbook.book.words import WordList


class Anonymous(Section):
    """Cases that are taken from who gives no name; every other key is a facet with its values: such
    cases alone. They follow it by its number and a secret.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, WordList]
    looks_like = "`{ by: portal, category: conduct }`"
    by: WordList = key(
        "By which channels: the portal, and those by which somebody of the desk writes the case"
        " down (phone, walk-in, other). By all such without it.",
        ["portal", "phone"],
        default=[],
    )
