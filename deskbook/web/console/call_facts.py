"""Calling the requester back, from any ticket."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.channels.phone.callers import NUMBERS
from deskbook.channels.phone.numbers import shown
from deskbook.channels.phone.taking_in import usual_time
from deskbook.people.merging import person
from deskbook.people.models import Contact, ContactIdentity
from deskbook.people.moments import written, zone_name
from deskbook.tickets.call_back_models import CallBack
from deskbook.web.console.facts import Fact, Form, Options, Subject
from deskbook.web.jinja import local_input


@dataclass(frozen=True, slots=True)
class CallForm(Form):
    numbers: Options = ()
    waiting: str = ""


def ways_of(contact: Contact) -> list[ContactIdentity]:
    """Returns every way to reach a requester, asked for once however often a page needs it."""
    known = person(contact)
    prefetch_related_objects([known], "identities")
    return sorted(known.identities.all(), key=lambda way: way.pk)


def _numbers(contact: Contact) -> list[str]:
    return list(dict.fromkeys(way.identifier for way in ways_of(contact) if way.channel in NUMBERS))


def with_call_back(of: Subject, told: list[Fact]) -> list[Fact]:
    """Returns the facts with the call-back among them, behind the promises; nothing for a case that
    ended.
    """
    place = next((n for n, fact in enumerate(told, start=1) if fact.key == "promises"), None)
    if place is None:
        return told
    promised = any(promise.is_open for promise in of.state.promises)
    rows = CallBack.objects.filter(ticket=of.ticket, ended_at=None).order_by("due_at")
    waiting = rows.first() if promised else None
    start = {"due_at": local_input(usual_time(of.ticket.desk, at=timezone.now()))}
    form = CallForm(
        **of.values("call-back", **start),  # type: ignore[arg-type]
        numbers=tuple((number, shown(number)) for number in _numbers(of.ticket.requester)),
        zone=_("Times are %(zone)s.") % {"zone": zone_name(timezone.localtime())},
        waiting=f"{shown(waiting.number)}, {written(waiting.due_at)}" if waiting else "",
    )
    value = written(waiting.due_at) if waiting else ""
    return [
        *told[:place],
        of.fact("call-back", _("Call back"), value, form, "K", "call_back"),
        *told[place:],
    ]
