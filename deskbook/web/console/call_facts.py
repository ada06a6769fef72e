"""Calling the requester back, from any ticket."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.channels.phone.callers import numbers_of
from deskbook.channels.phone.numbers import shown
from deskbook.channels.phone.taking_in import usual_time
from deskbook.tickets.call_back_models import CallBack
from deskbook.web.console.facts import Fact, Form, Options, Subject
from deskbook.web.jinja import local_input
from deskbook.web.times import written, zone_name


@dataclass(frozen=True, slots=True)
class CallForm(Form):
    numbers: Options = ()
    waiting: str = ""


def with_call_back(of: Subject, told: list[Fact]) -> list[Fact]:
    """Returns the facts with the call-back among them, behind the promises; nothing for a case that ended."""
    place = next((n for n, fact in enumerate(told, start=1) if fact.key == "promises"), None)
    if place is None:
        return told
    waiting = CallBack.objects.filter(ticket=of.ticket, ended_at=None).order_by("due_at").first()
    start = {"due_at": local_input(usual_time(of.ticket.desk, at=timezone.now()))}
    form = CallForm(
        **of.values("call-back", **start),  # type: ignore[arg-type]
        numbers=tuple((number, shown(number)) for number in numbers_of(of.ticket.requester)),
        zone=_("Times are %(zone)s.") % {"zone": zone_name(timezone.localtime())},
        waiting=f"{shown(waiting.number)}, {written(waiting.due_at)}" if waiting else "",
    )
    value = written(waiting.due_at) if waiting else ""
    return [*told[:place], of.fact("call-back", _("Call back"), value, form, "K", "call_back"), *told[place:]]
