"""What the timeline says about a visit to an office."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from deskbook.engine import visit_events
from deskbook.people.moments import written
from deskbook.web.times import clock_time, same_day
from deskbook.web.told import Sentence, Told


def _asked(event: visit_events.SiteVisitAsked, told: Told) -> Sentence:
    words = _("%(who)s asks for a visit, %(people)s people%(where)s")
    where = told.names.because(event.message).replace("\n\n", " · ")
    return Sentence(words % {"who": told.who, "people": event.people, "where": where}, "visit")


def _decided(event: visit_events.SiteVisitDecided, told: Told) -> Sentence:
    words = (
        _("%(who)s approved the visit%(why)s")
        if event.approved
        else _("%(who)s refused the visit%(why)s")
    )
    return Sentence(words % {"who": told.who, "why": told.names.because(event.reason)}, "visit")


def _dated(event: visit_events.SiteVisitDated, told: Told) -> Sentence:
    words = _("%(who)s dated a visit: %(from)s – %(until)s, %(people)s%(words)s")
    what = {
        "who": told.who,
        "from": written(event.from_at),
        "until": (clock_time if same_day(event.from_at, event.until_at) else written)(
            event.until_at
        ),
        "people": ", ".join(map(told.names.agent, event.people)),
        "words": told.names.because(event.message),
    }
    return Sentence(words % what, "visit")


def _answered(event: visit_events.SiteVisitAnswered, told: Told) -> Sentence:
    suits = _("%(who)s: the date of the visit suits%(why)s")
    not_so = _("%(who)s: the date does not suit%(why)s")
    return Sentence(
        (suits if event.suits else not_so)
        % {
            "who": told.who,
            "why": told.names.because(event.reason),
        },
        "visit",
        "" if event.suits else "late",
    )


VISITS: Mapping[type, Callable[[Any, Told], Sentence]] = {
    visit_events.SiteVisitAsked: _asked,
    visit_events.SiteVisitDecided: _decided,
    visit_events.SiteVisitDated: _dated,
    visit_events.SiteVisitAnswered: _answered,
    visit_events.SiteVisitCalledOff: lambda e, t: Sentence(
        _("%(who)s called the visit off%(why)s") % {"who": t.who, "why": t.names.because(e.reason)},
        "visit",
    ),
    visit_events.SiteVisitReported: lambda e, t: Sentence(
        _("%(who)s reported the visit: %(attended)s attended%(what)s")
        % {
            "who": t.who,
            "attended": e.attended,
            "what": t.names.because(e.message),
        },
        "visit",
    ),
}
