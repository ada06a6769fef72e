"""What a ticket's screen says of WhatsApp: how an answer would go, reactions, registered wordings,
files to come.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from deskbook.channels.email.carrier import where as by_mail
from deskbook.channels.whatsapp.models import WhatsAppIncoming, WhatsAppMedia, WhatsAppOutgoing
from deskbook.channels.whatsapp.senders import ends_of
from deskbook.channels.whatsapp.window import Outlook, outlook
from deskbook.delivery.states import LEFT_OVER
from deskbook.engine.channels import Template
from deskbook.engine.desk import Desk
from deskbook.jobs.carriers import way_they_wrote_by
from deskbook.people.books import desk_at
from deskbook.people.moments import written
from deskbook.people.refusals import in_words
from deskbook.tickets.models import Ticket
from deskbook.web.console.ticket.timeline import Item


@dataclass(frozen=True, slots=True)
class OnTicket:
    """The sentence above the answer box, and marks by the id of the message they belong to."""

    way: str = ""
    closes: bool = False
    """The window is closed: not every word goes."""
    marks: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def on_ticket(ticket: Ticket, desk: Desk, *, at: datetime) -> OnTicket:
    """Returns what there is to say; nothing for a desk without the channel."""
    if desk.channel_of("whatsapp") is None:
        return OnTicket()
    sent = list(
        WhatsAppOutgoing.objects.filter(ticket=ticket).select_related("contact").order_by("pk")
    )
    came = list(WhatsAppIncoming.objects.filter(ticket=ticket).exclude(message=None).order_by("pk"))
    if not sent and not came:
        return OnTicket()
    marks: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for message, text in [*_marks_of_ours(sent), *_marks_of_theirs(came)]:
        marks[message] += (text,)
    return OnTicket(*_way(ticket, at=at), marks)


def with_marks(items: Iterable[Item], told: OnTicket) -> list[Item]:
    """Returns the timeline with what WhatsApp tells of each message on it."""
    return [
        replace(item, marks=told.marks[item.message]) if item.message in told.marks else item
        for item in items
    ]


def read_by_the_desk(ticket: Ticket) -> None:
    """Queues the job that tells whoever wrote by WhatsApp that it was read, if somebody waits for
    that.
    """
    if desk_at(ticket.desk_id, ticket.book_version).channel_of("whatsapp") is None:
        return
    if (
        WhatsAppIncoming.objects.filter(ticket=ticket, read_told_at=None)
        .exclude(kind="reaction")
        .exists()
    ):
        app.configure_task("tell_whatsapp_read", queue="services").defer(ticket_id=ticket.pk)


def _way(ticket: Ticket, *, at: datetime) -> tuple[str, bool]:
    if way_they_wrote_by(ticket, ticket.requester) != "whatsapp":
        return "", False
    contact = ticket.requester
    way = outlook(ticket.desk, contact, "answer", contact.language, at=at)
    if way and way.free_until_at:
        told = _("WhatsApp: free text until %(time)s, then only registered wordings.")
        return told % {"time": written(way.free_until_at)}, False
    address = by_mail(ticket, contact, "answer", contact.language or "en", at=at)
    template = way.template if way else None
    if template and (not address or "text" in template.variables):
        return _inside(template, address), True
    if address:
        told = _("WhatsApp does not take this now: it goes by mail to %(address)s.")
        return told % {"address": address}, True
    if ends_of(contact):
        return "", True  # the line above the box says so
    return _in_no_way(way), True


def _in_no_way(way: Outlook | None) -> str:
    if way is None:
        return _(
            "WhatsApp does not reach them: they never wrote to the desk's number, or nothing"
            " arrives there. It goes by SMS where the desk sends any; else call them."
        )
    return _(
        "WhatsApp takes no free text now and the book has no registered wording for answers:"
        " call them."
    )


def _inside(template: Template, address: str | None) -> str:
    """Says that a text goes inside a registered wording, and what becomes of the rest."""
    if address:
        told = _(
            "WhatsApp: more than 24 hours since they wrote. A short text goes inside the"
            " registered wording “%(wording)s”; a longer one, or one with files, by mail to"
            " %(address)s."
        )
    else:
        told = _(
            "WhatsApp: more than 24 hours since they wrote. Your text goes inside the"
            " registered wording “%(wording)s”; files, and what does not fit, follow when they"
            " write again."
        )
    return told % {"wording": template.text, "address": address}


def _marks_of_ours(sent: Iterable[WhatsAppOutgoing]) -> Iterator[tuple[int, str]]:
    """What else is told of ours beside what became of them (jobs/deliveries.py): their form, and
    reactions.
    """
    for row in sent:
        if (
            row.message_id
            and row.form == WhatsAppOutgoing.Form.TEMPLATE
            and row.state not in LEFT_OVER
        ):
            yield row.message_id, _("as a registered wording")
        if row.message_id and row.reaction:
            yield row.message_id, row.reaction


def _marks_of_theirs(came: Iterable[WhatsAppIncoming]) -> Iterator[tuple[int, str]]:
    rows = {row.pk: row for row in came}
    for row in rows.values():
        if row.message_id and row.reaction:
            yield row.message_id, row.reaction
        if row.message_id and row.group:
            yield row.message_id, _("written in a group")
    for file in (
        WhatsAppMedia.objects.filter(incoming__in=rows)
        .exclude(state=WhatsAppMedia.State.KEPT)
        .order_by("pk")
    ):
        message = rows[file.incoming_id].message_id
        if message and file.state == WhatsAppMedia.State.WAITING:
            yield message, _("the file %(name)s is being fetched") % {"name": file.name}
        elif message:
            why = {"name": file.name, "why": in_words(file.reason)}
            yield message, _("the file %(name)s could not be fetched: %(why)s") % why
