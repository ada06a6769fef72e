"""Cases taken without a name: what can be proved of them."""

from collections.abc import Iterator

from deskbook.book.anonymous import by_all, knows_who_writes
from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.engine.anonymous import Nameless
from deskbook.engine.desk import Desk


def prove_anonymous(compiled: Compiled) -> None:
    """A case without a name may come by each channel of a line, and the form of the portal asks
    what decides whether it is taken.
    """
    desk, remarks = compiled.desk, compiled.remarks
    for number, line in enumerate(desk.anonymous):
        path: Path = ("anonymous", number)
        for said in _known(desk, line):
            remarks.error((*path, "by"), said, "anonymous-channel")
        if not line.by and not by_all(desk):
            said = "every channel of this book says who writes: add the portal or the phone"
            remarks.error(path, said, "anonymous-channel")
        for facet in _unasked(desk, line):
            said = (
                f"the form of the portal does not ask for the {facet}, so it takes no such case:"
                " write `asked: requester` there"
            )
            remarks.warn((*path, facet), said, "anonymous-unasked", at_key=True)


def _known(desk: Desk, line: Nameless) -> Iterator[str]:
    for key in sorted(line.by):
        channel = desk.channels[key]
        if knows_who_writes(channel):
            why = "asks who they are" if channel.asks else "brings an address or a number"
            yield f"{channel.title} {why}: nobody comes by it without a name"


def _unasked(desk: Desk, line: Nameless) -> Iterator[str]:
    portal = desk.channel_of("portal")
    if portal is None or (line.by and portal.key not in line.by):
        return
    for name in line.when:
        facet = desk.facets.get(name)
        if facet and facet.asked == "desk" and facet.default not in line.when[name]:
            yield name
