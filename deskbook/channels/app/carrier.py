"""A system as a way out of the desk: it shows its people what they are told on cases it opened for
them.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from deskbook.channels.app.models import AppCase, AppEvent, AppSystem
from deskbook.channels.contract import Outgoing
from deskbook.delivery.states import LEFT_OVER, State
from deskbook.people.access import takes_part
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.going_on import going_on_as
from deskbook.tickets.models import LogEntry, Ticket

JOB = "app_events"
TOLD = {"StageChanged": "case.moved", "Closed": "case.closed", "Reopened": "case.reopened"}
"""Kind of entry → what the system is told, beside what is told to the person."""
_OVER = (*LEFT_OVER, State.DROPPED)


def where(
    ticket: Ticket, contact: Contact, purpose: str, language: str, *, at: datetime
) -> str | None:
    """Returns the name of the system that tells this person, None where none does."""
    case = _case_of(ticket, contact)
    return case.system.name if case else None


@transaction.atomic
def carry(outgoing: Outgoing, *, at: datetime) -> bool:
    """Queues the message to the system the person came by, once; False when there is none, or it
    did not take it.
    """
    case = _case_of(outgoing.ticket, outgoing.contact)
    if case is None:
        return False
    event = _keep(
        case,
        f"{outgoing.entry.pk} {outgoing.contact.pk} {outgoing.purpose}",
        "case.answered" if outgoing.purpose == "answer" else "case.told",
        outgoing.entry,
        at,
        contact=outgoing.contact,
        purpose=outgoing.purpose,
        message=outgoing.message,
        letter=outgoing.text,
        language=outgoing.language,
        ask_for_answer=outgoing.ask_for_answer,
    )
    return event.state not in _OVER  # one that failed is told by another way


def following() -> QuerySet[AppSystem]:
    """Returns the systems that are told of cases."""
    return AppSystem.objects.filter(ended_at=None).exclude(address="")


def mirror(entry_id: int, *, at: datetime) -> None:
    """Keeps that a system is told how its case stands now; once, however often it is asked."""
    entry = LogEntry.objects.select_related("ticket").get(pk=entry_id)
    for case in _cases_on(entry.ticket) if entry.kind in TOLD else ():
        _keep(case, f"{entry.pk} {case.pk}", TOLD[entry.kind], entry, at)


@transaction.atomic
def _keep(
    case: AppCase, key: str, type_: str, entry: LogEntry, at: datetime, **more: object
) -> AppEvent:
    event, made = AppEvent.objects.get_or_create(
        key=key,
        defaults={
            "case": case,
            "type": type_,
            "entry": entry,
            "queued_at": at,
            "next_try_at": at,
            **more,
        },
    )
    if made:
        app.configure_task(JOB, queue="services").defer(app_case_id=case.pk)
    return event


def _case_of(ticket: Ticket, contact: Contact) -> AppCase | None:
    """The case as a system has it that may tell this person of it."""
    case = _cases_on(ticket).filter(contact__in=same_person(contact)).first()
    return case if case and takes_part(contact, ticket) else None


def _cases_on(ticket: Ticket) -> QuerySet[AppCase]:
    """Those a system is told of, that go on as this ticket."""
    cases = AppCase.objects.filter(going_on_as(ticket), system__ended_at=None)
    return cases.exclude(system__address="").select_related("system").order_by("pk")
