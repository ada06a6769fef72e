"""What other systems are to the rest of the desk."""

from datetime import datetime

from deskbook.channels.app import carrier, telling
from deskbook.channels.app.left_over import SORTS
from deskbook.channels.app.models import AppCase, AppEvent, AppRequest
from deskbook.channels.contract import Channel, Outgoing
from deskbook.delivery.clearing import TOLD_KEPT, delete
from deskbook.delivery.connection import ByTheClock, Job
from deskbook.delivery.states import LEAVES_BY_ITSELF
from deskbook.people.merging import same_person
from deskbook.tickets.models import Ticket
from deskbook.tickets.words_of_cases import Words

_BECAME = """
    select 'app', v.id, e.seq, v.purpose, v.contact_id, s.name, v.state, v.state = 'bounced',
        v.reason, v.queued_at, v.next_try_at, v.sent_at, null, null, v.ended_at, false, false, ''
    from deskbook_appevent v join deskbook_logentry e on e.id = v.entry_id
        join deskbook_appcase c on c.id = v.case_id join deskbook_appsystem s on s.id = c.system_id
    where e.ticket_id = %(ticket)s and e.seq = any(%(seqs)s) and v.contact_id is not null
"""


def _has_words_for(ticket: Ticket) -> bool:
    waits = AppEvent.objects.filter(case__ticket=ticket, state__in=LEAVES_BY_ITSELF)
    return waits.filter(contact__in=same_person(ticket.requester), message__isnull=False).exists()


def _another_way(app_event_id: int) -> tuple[Outgoing, bool]:
    event = AppEvent.objects.select_related("entry__ticket__desk", "contact", "message").get(
        pk=app_event_id
    )
    assert event.contact
    outgoing = Outgoing(
        event.entry,
        event.entry.ticket,
        event.contact,
        event.purpose,
        event.letter,
        event.language,
        event.message,
        event.ask_for_answer,
    )
    return outgoing, True


def _clear_requests(at: datetime) -> int:
    """Nothing so old is proven any more, should it be sent again."""
    return delete(AppRequest.objects.filter(came_at__lt=at - TOLD_KEPT))


DECLARED = Channel(
    word="app",
    needs_address=False,
    carry=carrier.carry,
    where=carrier.where,
    another_way=_another_way,
    mirror=carrier,
    jobs=(Job(carrier.JOB, telling.tell, "services"),),
    by_the_clock={
        "app_due_events": ByTheClock("* * * * *", telling.tell_due, "services", is_alone=True)
    },
    of_desk={
        "app_case_id": (AppCase, "ticket__desk"),
        "app_event_id": (AppEvent, "case__ticket__desk"),
    },
    clearing={"app requests": _clear_requests},
    became=_BECAME,
    has_words_for=_has_words_for,
    words=(
        Words(AppEvent, "case__ticket", {"letter": ""}),
        Words(AppCase, emptied={"reference": ""}),
    ),
    left_over=SORTS,
)
