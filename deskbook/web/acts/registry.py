"""Every act, and the side panel of a ticket made of them."""

from collections.abc import Iterator
from copy import copy

from deskbook.people.access import may
from deskbook.tickets.visit_models import DatedVisit
from deskbook.web.acts import (
    ending,
    handling,
    improvements,
    people,
    procedure,
    promises,
    visits,
    work,
)
from deskbook.web.acts.act import Act
from deskbook.web.acts.subject import Subject

ROOMS = (handling, visits, promises, ending, work, people, improvements, procedure)
"""In the order of the panel; within each, as its acts are written."""
ACTS: dict[str, type[Act]] = {
    act.key: act
    for room in ROOMS
    for act in vars(room).values()
    if isinstance(act, type)
    and issubclass(act, Act)
    and act.key
    and act.__module__ == room.__name__
}


def panel(of: Subject, again: Act | None = None) -> Iterator[Act]:
    """Yields the acts offered on a ticket, ready to be shown; `again` as it was typed."""
    for act in ACTS.values():
        if act.on == "ticket" and may(of.viewer, act.who_may) and act.offered(of):
            yield ready(act, of, again)


def on_visit(of: Subject, again: Act | None, visit: DatedVisit | None = None) -> dict[str, Act]:
    """Returns the acts offered on a visit, or on those of a case in general, by their keys."""
    on, parts = copy(of), {"visit": visit.visit} if visit else {}
    on.visit = visit
    return {
        key: ready(act, on, again, **parts)
        for key, act in ACTS.items()
        if act.on == "visit"
        and ("<" in act.address) == bool(visit)
        and may(of.viewer, act.who_may)
        and act.offered(on)
    }


def ready(act: type[Act], of: Subject, again: Act | None = None, **parts: str) -> Act:
    """Returns the form of an act; for `again`, which was refused, as it was typed."""
    form = act(of, None, **parts)
    if again is not None and (again.key, again.parts) == (act.key, parts):
        form, again.is_open = again, True
    elif again is not None and again.told_in == act.key:
        form.initial, form.refusal, form.is_open = dict(again.data.items()), again.refusal, True
    form.furnish()
    return form
