"""What the timeline says of estimates, booked work and deliveries."""

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
    work_events.Delivered: by_whom(
        lambda: _("%(who)s delivered version %(version)s"),
        "mail",
        lambda: _("wrote with the delivery"),
        is_more=True,
    ),
    work_events.DeliveryConfirmed: by_whom(
        lambda: _("%(who)s confirmed the delivery of %(version)s"), "closed"
    ),
}
