"""Whoever may decide in a stage hears that they are asked to."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk
from deskbook.jobs.letters import write
from deskbook.jobs.words_of_choices import asked_to_decide
from deskbook.jobs.words_of_letters import letter, nobody_answers
from deskbook.people.models import Contact
from deskbook.tickets.choices import choices_of, is_asked_still
from deskbook.tickets.followers import whose_then
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.what_follows import only_where


def _offers(desk: Desk, _ticket: Ticket, entry: LogEntry) -> bool:
    stage = desk.stages.get(entry.data.get("stage", ""))
    return stage is not None and bool(stage.choices)


@only_where(_offers)
def ask_to_decide(entry_id: int) -> None:
    """Asks the requester to decide, unless the answer by which the case came there asks them, or it
    has gone on.
    """
    found = LogEntry.objects.select_related("ticket__desk", "ticket__requester")
    entry = found.get(pk=entry_id)
    answered = entry.ticket.log.filter(kind="Answered", at=entry.at)
    requester = whose_then(entry).requester
    if answered.exists() or not is_asked_still(entry):
        return
    if choices_of(entry.ticket, requester, at=datetime.now(UTC)):
        write(entry, "notice", _asked, requester)


def _asked(entry: LogEntry, contact: Contact, _message: Message | None) -> str:
    ticket = entry.ticket
    told = {"subject": ticket.subject, "number": ticket}
    lines = [
        _("“%(subject)s” (%(number)s) waits for what you decide.") % told,
        nobody_answers(entry, contact) or asked_to_decide(ticket, contact, at=datetime.now(UTC)),
    ]
    return letter(ticket, contact, lines)
