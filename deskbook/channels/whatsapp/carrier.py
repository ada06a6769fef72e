"""WhatsApp as a way out of the desk: free words while the window is open, else the book's
registered wording.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from deskbook.channels.contract import Outgoing
from deskbook.channels.variables import said_in, variables_of
from deskbook.channels.whatsapp import window
from deskbook.channels.whatsapp.models import WhatsAppIncoming, WhatsAppOutgoing
from deskbook.channels.whatsapp.senders import reached_by
from deskbook.delivery.states import LEFT_OVER
from deskbook.engine.channels import Template
from deskbook.people.merging import person
from deskbook.people.models import Contact
from deskbook.tickets.followers import senders_on
from deskbook.tickets.models import Attachment, LogEntry, Ticket

DELIVER_JOB = "deliver_whatsapp"
LONGEST_TEXT = 4_000
"""Characters of one message; the service takes 4,096."""
LONGEST_VARIABLE = 600
"""Characters of one variable of a registered wording; the service takes 1,024 for the whole."""
CODES = {"pt": "pt_PT"}
"""Languages as books say them → as wordings are registered, where the two differ."""
Form = WhatsAppOutgoing.Form


@dataclass(frozen=True, slots=True)
class Part:
    """One message of those that carry one text with its files."""

    form: WhatsAppOutgoing.Form
    text: str = ""
    template: dict[str, Any] = field(default_factory=dict)
    attachment: Attachment | None = None
    waits: bool = False
    """For them to write."""


@transaction.atomic
def carry(outgoing: Outgoing, *, at: datetime) -> bool:
    """Queues the message to who wrote to the desk by WhatsApp, once; False when it cannot reach
    them this way now.

    Outside the window it is the registered wording for the purpose; what does not fit into it, and
    files, follow when the person writes again. Of what was tried before, a part that failed is told
    by the wording, once, or by another way, whatever became of the other parts.
    """
    before = parts_of(outgoing.entry, outgoing.contact, outgoing.purpose)
    tried = last_tried(before)
    if tried and not any(row.state in LEFT_OVER for row in tried):
        return True
    way = window.outlook(
        outgoing.ticket.desk, outgoing.contact, outgoing.purpose, outgoing.language, at=at
    )
    if way is None or (tried and (way.free_until_at or tried[0].form == Form.TEMPLATE)):
        return False
    parts = (
        list(_free(outgoing)) if way.free_until_at else list(_registered(outgoing, way.template))
    )
    if not parts:
        return False
    _queue(outgoing, parts, first=len(before), at=at)
    return True


def parts_of(entry: LogEntry, contact: Contact, purpose: str) -> list[WhatsAppOutgoing]:
    """Returns all messages that were to carry one text to one person, in their order."""
    rows = WhatsAppOutgoing.objects.filter(entry=entry, contact=contact, purpose=purpose)
    return list(rows.order_by("part"))


def last_tried(parts: Sequence[WhatsAppOutgoing]) -> Sequence[WhatsAppOutgoing]:
    """Returns those of the last time: free words that the window was closed for are followed by the
    registered wording and what waits for them to write.
    """
    first = next((n for n, row in enumerate(parts) if row.form == Form.TEMPLATE), 0)
    return parts[first:]


def where(
    ticket: Ticket, contact: Contact, purpose: str, language: str, *, at: datetime
) -> str | None:
    """Returns the number a message goes to now, empty for who hides theirs; None where it does not
    reach them.
    """
    way = window.outlook(ticket.desk, contact, purpose, language, at=at)
    if way is None or not (way.free_until_at or way.template):
        return None
    reached = reached_by(person(contact), senders_on(ticket, contact))
    return reached.number if reached else None


def bounds(
    ticket: Ticket, contact: Contact, purpose: str, language: str, *, at: datetime
) -> int | None:
    """Returns how much of what somebody wrote leaves at once: all of it while the window is open,
    else what the registered wording has room for.
    """
    way = window.outlook(ticket.desk, contact, purpose, language, at=at)
    if way is None or way.free_until_at or way.template is None:
        return None
    return LONGEST_VARIABLE if "text" in way.template.variables else 0


def filled(template: Template, outgoing: Outgoing) -> tuple[list[str], bool] | None:
    """Returns the variables of a registered wording, and whether something had to be left out of
    them; None where one is not known here: the service takes no empty ones.
    """
    known = variables_of(outgoing)
    if any(name not in known for name in template.variables):
        return None
    whole = [" ".join(known[name].split()) for name in template.variables]
    short = [
        text if len(text) <= LONGEST_VARIABLE else text[: LONGEST_VARIABLE - 1] + "…"
        for text in whole
    ]
    return short, short != whole


def words(outgoing: Outgoing) -> str:
    """Returns what a message says without what only a letter needs; it names its case."""
    said, number = said_in(outgoing), str(outgoing.ticket)
    return said if number in said else f"{number}: {said}"


def _free(outgoing: Outgoing) -> Iterator[Part]:
    text = words(outgoing).strip()
    while text:
        piece, text = _piece(text)
        yield Part(Form.TEXT, piece)
    yield from (Part(Form.FILE, file.name, attachment=file) for file in _files(outgoing))


def _registered(outgoing: Outgoing, template: Template | None) -> Iterator[Part]:
    told = filled(template, outgoing) if template else None
    if template is None or told is None:
        return
    variables, is_cut = told
    name, _slash, code = template.registered.partition("/")
    told_as = {
        "name": name,
        "language": code or CODES.get(template.language, template.language),
        "variables": variables,
    }
    shown = template.text.format(**dict(zip(template.variables, variables, strict=True)))
    yield Part(Form.TEMPLATE, shown, told_as)
    is_kept_back = outgoing.message is not None and "text" not in template.variables
    for part in _free(outgoing):
        if is_cut or is_kept_back or part.form == Form.FILE:
            yield Part(part.form, part.text, attachment=part.attachment, waits=True)


def _piece(text: str) -> tuple[str, str]:
    """The beginning that fits into one message, cut at a line or a word where there is one, and the
    rest.
    """
    if len(text) <= LONGEST_TEXT:
        return text, ""
    cut = max(
        text.rfind("\n", LONGEST_TEXT // 2, LONGEST_TEXT),
        text.rfind(" ", LONGEST_TEXT // 2, LONGEST_TEXT),
    )
    cut = cut if cut > 0 else LONGEST_TEXT
    return text[:cut].rstrip(), text[cut:].lstrip()


def _files(outgoing: Outgoing) -> list[Attachment]:
    return (
        list(outgoing.message.attachments.filter(within=None).order_by("pk"))
        if outgoing.message
        else []
    )


def _queue(outgoing: Outgoing, parts: list[Part], *, first: int, at: datetime) -> None:
    said = WhatsAppIncoming.objects.filter(
        ticket=outgoing.ticket, contact=outgoing.contact, group=""
    )
    answers = said.order_by("-at", "-pk").values_list("wamid", flat=True).first() or ""
    rows = [
        WhatsAppOutgoing(
            entry=outgoing.entry,
            ticket=outgoing.ticket,
            contact=outgoing.contact,
            message=outgoing.message,
            purpose=outgoing.purpose,
            part=number,
            form=part.form,
            text=part.text,
            template=part.template,
            attachment=part.attachment,
            answers=answers if number == first else "",
            letter=outgoing.text,
            language=outgoing.language,
            ask_for_answer=outgoing.ask_for_answer,
            queued_at=at,
            next_try_at=None if part.waits else at,
        )
        for number, part in enumerate(parts, start=first)
    ]
    made = WhatsAppOutgoing.objects.bulk_create(rows)
    app.configure_task(DELIVER_JOB, queue="services").defer(outgoing_id=made[0].pk)
