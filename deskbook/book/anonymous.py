"""Cases taken without a name: from a book to the engine, and what can be proved of them."""

from collections.abc import Mapping

from deskbook.book.findings import Path
from deskbook.book.names import Names
from deskbook.book.schema.anonymous import Anonymous
from deskbook.book.targets import Conditioned
from deskbook.engine.anonymous import Nameless
from deskbook.engine.channels import Channel
from deskbook.engine.desk import Desk

TAKEN_BY = ("portal", "phone", "walk-in", "on-site", "other")
"""Kinds of channel that do not know by themselves who writes."""
_NOT_KNOWN = ("plan", "team")


def read_anonymous(
    entries: list[Anonymous],
    conditions: Conditioned,
    channels: Names,
    line_of: Mapping[int, int],
) -> tuple[Nameless, ...]:
    """Returns the lines in the book's order."""
    made = []
    for number, entry in enumerate(entries):
        path: Path = ("anonymous", number)
        when = conditions.read_line(entry, path)
        for facet in _NOT_KNOWN:
            if when.pop(facet, None):
                what = f"who gives no name has no {facet} when the case is opened: delete it"
                conditions.remarks.error((*path, facet), what, "anonymous-facets", at_key=True)
        by = channels.find_all(entry.by, (*path, "by"), conditions.remarks)
        made.append(Nameless(by, when, line_of.get(number, 0)))
    return tuple(made)


def knows_who_writes(channel: Channel) -> bool:
    """Whether a channel always says who somebody is: an address, a number, what it asks."""
    return channel.kind not in TAKEN_BY or bool(channel.asks)


def by_all(desk: Desk) -> frozenset[str]:
    """Returns the channels by which a case without a name may come at all."""
    return frozenset(key for key, one in desk.channels.items() if not knows_who_writes(one))
