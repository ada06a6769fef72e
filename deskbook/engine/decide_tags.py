"""The words a desk puts on its cases to find them by, beside what the book sorts them by."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from deskbook.engine.decision import Decision, hindrance
from deskbook.engine.desk import Desk
from deskbook.engine.quoting import short
from deskbook.engine.snooze_events import Tagged
from deskbook.engine.ticket import Actor, TicketState
from deskbook.refusals.refusal import Refusal

MOST = 20
"""On one case."""
LONGEST = 40
_TAG = re.compile(r"\w[\w .&/+-]*")


def tags_in(text: str) -> tuple[str, ...]:
    """Returns the tags of a text, which commas divide: each once, in small letters, sorted."""
    return _sorted(" ".join(one.casefold().split()) for one in text.split(","))


def fitting(tags: Iterable[str]) -> tuple[str, ...]:
    """Returns those words of another system that are tags here too, at most MOST of them."""
    said = _sorted(" ".join(tag.casefold().split()) for tag in tags)
    return tuple(tag for tag in said if _is_tag(tag))[:MOST]


def _is_tag(tag: str) -> bool:
    return len(tag) <= LONGEST and _TAG.fullmatch(tag) is not None


def _sorted(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({tag for tag in tags if tag}))


def decide_tag(
    desk: Desk,
    ticket: TicketState,
    put: Sequence[str],
    off: Sequence[str],
    *,
    at: datetime,
    by: Actor,
) -> Decision:
    """Returns `Tagged` with what is new; nothing where all stands so. Refused for what is no tag,
    as an address is none: the log keeps tags for good, and they name no people.
    """
    refusal = hindrance(desk, ticket, "tag")
    if refusal:
        return refusal
    wrong = [tag for tag in put if not _is_tag(tag)]
    if wrong:
        return Refusal("no tag", tag=short(wrong[0]), longest=LONGEST)
    fresh, gone = _sorted({*put} - {*ticket.tags}), _sorted({*off} & {*ticket.tags} - {*put})
    if len(ticket.tags) + len(fresh) - len(gone) > MOST:
        return Refusal("too many tags", most=MOST)
    return (Tagged(fresh, gone),) if fresh or gone else ()
