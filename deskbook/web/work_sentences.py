"""What the timeline says of estimates, booked work, deliveries and what requesters decide."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from deskbook.engine import work_events
from deskbook.web.told import Sentence, Told, by_whom


def _signed(event: work_events.EstimateSigned, told: Told) -> Sentence:
    address = told.names.accounts.get(event.account)
    who = f"{told.who} <{address}>" if address else told.who
    return Sentence(
        _("%(who)s signed the estimate: it is a work order now") % {"who": who}, "closed"
    )


def _chose(event: work_events.ChoiceMade, told: Told) -> Sentence:
    stages = told.desk.stages.values()
    titles = (one.title for stage in stages for one in stage.choices if one.key == event.choice)
    words = _("%(who)s decided: “%(choice)s”")
    if told.by.kind == "agent":
        words = _("The requester decided, as %(who)s says: “%(choice)s”%(why)s")
    what = {"who": told.who, "choice": next(titles, event.choice)}
    text = words % {**what, "why": told.names.because(event.message)}
    did = _("wrote why") if told.by.kind == "contact" else ""
    return Sentence(text, "closed", did=did, is_more=True)


def _logged(event: work_events.TimeLogged, told: Told) -> Sentence:
    words = _("%(who)s logged %(minutes)s minutes%(what)s")
    if event.minutes < 0:
        words = _("%(who)s took away %(minutes)s minutes that were logged%(what)s")
    what = {"minutes": abs(event.minutes), "what": told.names.because(event.message)}
    return Sentence(words % {"who": told.who, **what}, "note")


WORK: Mapping[type, Callable[[Any, Told], Sentence]] = {
    work_events.EstimateOffered: by_whom(
        lambda: _("%(who)s offered an estimate: %(minutes)s minutes, %(cost)s"),
        "promise",
        lambda: _("wrote with the estimate"),
        is_more=True,
    ),
    work_events.EstimateSigned: _signed,
    work_events.EstimateDeclined: lambda e, t: Sentence(
        _("%(who)s declined the estimate%(why)s")
        % {
            "who": t.who,
            "why": t.names.because(e.reason),
        },
        "open",
    ),
    work_events.WorkBooked: lambda e, t: Sentence(
        _("%(who)s booked %(minutes)s minutes %(cost)s%(what)s")
        % {
            "who": t.who,
            "minutes": e.minutes,
            "cost": e.cost,
            "what": t.names.because(e.message),
        },
        "note",
    ),
    work_events.TimeLogged: _logged,
    work_events.Delivered: by_whom(
        lambda: _("%(who)s delivered version %(version)s"),
        "mail",
        lambda: _("wrote with the delivery"),
        is_more=True,
    ),
    work_events.DeliveryConfirmed: by_whom(
        lambda: _("%(who)s confirmed the delivery of %(version)s"), "closed"
    ),
    work_events.ChoiceMade: _chose,
}
