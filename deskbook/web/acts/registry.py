"""Every act, and the side panel of a ticket made of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from types import ModuleType
from typing import Any, TypeVar

from django.http import QueryDict

from deskbook.people.access import may
from deskbook.tickets.visit_models import DatedVisit
from deskbook.web.acts import (
    asides,
    ending,
    following,
    handling,
    holding,
    improvements,
    later,
    macros,
    people,
    procedure,
    promises,
    requesters,
    tags,
    visits,
    work,
)
from deskbook.web.acts.act import Act
from deskbook.web.acts.doing import Doing
from deskbook.web.acts.own_case import OwnCase
from deskbook.web.acts.requesters import OfRequester
from deskbook.web.acts.subject import Subject

A = TypeVar("A", bound=Doing[Any])
D = TypeVar("D", bound=Doing[Any])
ROOMS = (
    handling,
    asides,
    tags,
    macros,
    later,
    visits,
    following,
    promises,
    ending,
    work,
    people,
    improvements,
    procedure,
    holding,
)
"""In the order of the panel; within each, as its acts are written."""


def _in(rooms: Iterable[ModuleType], kind: type[A]) -> dict[str, type[A]]:
    return {
        act.key: act
        for room in rooms
        for act in vars(room).values()
        if isinstance(act, type)
        and issubclass(act, kind)
        and act.key
        and act.__module__ == room.__name__
    }


ACTS: dict[str, type[Act]] = _in(ROOMS, Act)
REQUESTERS_ACTS: dict[str, type[OfRequester]] = _in([requesters], OfRequester)


def panel(of: Subject, again: Act | None = None) -> Iterator[Act]:
    """Yields the acts offered on a ticket, ready to be shown; `again` as it was typed."""
    for act in ACTS.values():
        if act.on == "ticket" and may(of.viewer, act.who_may) and act.offered(of):
            yield ready(act, of, again)


def for_many(kind: type[Act], of: Sequence[Subject], data: QueryDict | None = None) -> Act:
    """Returns the form of an act on several cases, with all that can be chosen on any of them; with
    `data` as it was typed.
    """
    first, *others = [_for_one_of_many(kind, one, data) for one in of]
    first.initial, first.second = {}, ""
    for other in others:
        for name, field in other.fields.items():
            first.fields.setdefault(name, field)
        for name, options in other.choices.items():
            known = {option[0] for option in first.choices.get(name, ())}
            more = [option for option in options if option[0] not in known]
            first.offer(name, [*first.choices.get(name, ()), *more])
    first.is_open = data is not None
    return first


def _for_one_of_many(kind: type[Act], of: Subject, data: QueryDict | None) -> Act:
    form = kind(of, data)
    form.many = True
    form.furnish()
    return form


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


def on_own_case(of: OwnCase, again: OfRequester | None) -> Callable[..., OfRequester]:
    """Returns what gives the form of a requester's act by its key and the parts of its address."""

    def form_of(key: str, **parts: str) -> OfRequester:
        return _as_typed(REQUESTERS_ACTS[key](of, None, **parts), again)

    return form_of


def ready(act: type[Act], of: Subject, again: Act | None = None, **parts: str) -> Act:
    """Returns the form of an act; for `again`, which was refused, as it was typed."""
    form = _as_typed(act(of, None, **parts), again)
    form.is_open |= again is not None and (form is again or again.told_in == form.key)
    return form


def _as_typed(form: D, again: D | None) -> D:
    if again is not None and (again.key, again.parts) == (form.key, form.parts):
        form = again
    elif again is not None and again.told_in == form.key and form.parts in ({}, again.parts):
        form.begin_with(**dict(again.data.items()))
        form.refusal = again.refusal or " ".join(again.sentences())
    form.furnish()
    return form
