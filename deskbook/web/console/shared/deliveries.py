"""What the timeline says of each message on its way: a quiet mark where all is well, what went
wrong in words.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from deskbook.delivery.states import LEAVES_BY_ITSELF, REACHED, State
from deskbook.delivery.what_became import Delivery, outcomes
from deskbook.people.moments import written
from deskbook.people.refusals import in_words
from deskbook.people.words import Words
from deskbook.web.shared.connected import by_word


@dataclass(frozen=True, slots=True)
class Line:
    """One message on one way to one person."""

    to: str
    icon: str
    what: str
    tone: str
    at: datetime
    why: str
    held: int = 0
    """Id of the mail that waits for somebody to send it or not."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of all messages that follow from one entry."""

    quiet: str = ""
    """Where all is well: "sent", "read", "sent to 3"."""
    wrong: Sequence[tuple[str, str]] = ()
    """What did not arrive, or has not yet, in words; with its tone."""
    lines: Sequence[Line] = ()
    has_left: bool = False
    """For everybody: what is queued, even a moment ago, has not."""


def fate_of(deliveries: Sequence[Delivery]) -> Fate | None:
    """Returns what there is to say of the messages of one entry; None when nothing is.

    Mail to people at the desk is spoken of only when it does not reach them.
    """
    ends = outcomes(list(deliveries))
    told = [end for end in ends if not end.to_desk or _tone(end)]
    if not told:
        return None
    shown = {(end.person, end.purpose) for end in told}
    lines = [
        _line(one)
        for one in deliveries
        if (one.to or one.why) and (one.person, one.purpose) in shown
    ]
    return Fate(
        _quiet(told), _wrong(told), lines, has_left=all(end.state in REACHED for end in told)
    )


STATE_TITLES: Mapping[State, Words] = {
    State.WAITING: pgettext_lazy("a message", "waiting"),
    State.IN_HAND: pgettext_lazy("a message", "waiting"),
    State.HANDED_OVER: pgettext_lazy("a message", "sent"),
    State.DELIVERED: pgettext_lazy("a message", "delivered"),
    State.READ: pgettext_lazy("a message", "read"),
    State.HELD: pgettext_lazy("a message", "held back"),
    State.BOUNCED: pgettext_lazy("a message", "came back"),
    State.NO_WAY: pgettext_lazy("a message", "no way to reach them"),
    State.GIVEN_UP: pgettext_lazy("a message", "given up"),
    State.DROPPED: pgettext_lazy("a message", "discarded"),
}
"""What people call what may become of a message."""


def _title(one: Delivery) -> str:
    """Of an acknowledgement that nothing carries it is said what it was: it stands beside words of
    the requester's.
    """
    if one.state is State.NO_WAY and one.purpose == "acknowledgement":
        return pgettext("a message", "not acknowledged: no way to reach them")
    if _not_meant_to(one):
        return pgettext("a message", "not acknowledged")
    return str(STATE_TITLES[one.state])


def _not_meant_to(one: Delivery) -> bool:
    """Whether nobody wrote an acknowledgement, for a reason that is told."""
    return one.state is State.GIVEN_UP and one.purpose == "acknowledgement" and not one.way


def _quiet(told: Sequence[Delivery]) -> str:
    well = [end for end in told if not _tone(end)]
    if not well:
        return ""
    order = (State.WAITING, State.HANDED_OVER, State.DELIVERED, State.READ)
    least = min(well, key=lambda end: order.index(end.state))
    return _counted(_title(least), len(well), of=len(told))


def _wrong(told: Sequence[Delivery]) -> Sequence[tuple[str, str]]:
    counts = Counter((_title(end), _tone(end)) for end in told if _tone(end))
    counts.update((title, "amber") for end in told for title in _lacking(end))
    return [(_counted(title, n, of=len(told)), tone) for (title, tone), n in counts.items()]


def _lacking(end: Delivery) -> Sequence[str]:
    """What of a message that goes, or went, does not go with it."""
    if end.state not in (*REACHED, *LEAVES_BY_ITSELF) or end.waits_for_them:
        return ()
    return [str(title) for lack, title in _LACKS.items() if lack in end.lacks]


_LACKS = {
    "words later": pgettext_lazy("a message", "the rest waits until they write"),
    "files later": pgettext_lazy("a message", "the files wait until they write"),
    "words": pgettext_lazy("a message", "cut: the rest does not go"),
    "files": pgettext_lazy("a message", "without the files"),
}


def _counted(title: str, count: int, *, of: int) -> str:
    return title if of == 1 else f"{count} {title}"


def _tone(end: Delivery) -> str:
    """Empty for what goes as it should: sent, or queued a moment ago."""
    if end.state in REACHED or (end.state is State.WAITING and not (end.why or end.waits_for_them)):
        return ""
    if _not_meant_to(end):
        return "amber"
    return "amber" if end.state in (State.WAITING, State.HELD, State.DROPPED) else "red"


def _line(one: Delivery) -> Line:
    why = in_words(one.why)
    if one.next_at and why:
        why = _("%(why)s Next try: %(when)s.") % {
            "why": _sentence(why),
            "when": written(one.next_at),
        }
    if one.waits_for_them:
        why = _("It goes when they write again.")
    if lacking := ", ".join(_lacking(one)):
        why = f"{_sentence(why)} {lacking}" if why else lacking
    return Line(
        one.to or _("Whoever it is for"),
        by_word()[one.way].icon if one.way else "warning",
        _title(one),
        _tone(one),
        one.at,
        why,
        one.id if one.state is State.HELD and one.way == "email" else 0,
    )


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."
