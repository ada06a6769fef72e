"""Writing texts: worded by the book's templates, queued once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from string import Formatter

from django.db import transaction
from procrastinate.contrib.django import app

from deskbook.channels.sms.models import TextMessage
from deskbook.engine.channels import Template
from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.mobiles import NoText, mobile_number
from deskbook.people.models import HelpDesk
from deskbook.people.stopped import is_stopped
from deskbook.people.text_parts import fits_gsm_7, parts_of

SEND_JOB = "send_text"
END = "end of texts"
"""The purpose that is told to who asked for an end, and nothing else."""
LONGEST_VARIABLE = 40
"""Characters of one {variable} in a wording registered under DLT (TRAI)."""
LONGEST_UNREGISTERED = 300
MOST_PARTS = 10


@dataclass(frozen=True, slots=True)
class NewText:
    """One text to one number. `key` is what it is about: asked for twice it is one."""

    key: str
    number: str
    purpose: str
    """Of the book's templates: "acknowledgement", "code", "reminder" …"""
    values: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    ticket_id: int | None = None
    entry_id: int | None = None
    message_id: int | None = None
    lacks: str = ""
    """What of it a text does not bring: "words", "files"; apart by commas."""
    letter: str = ""
    """The whole of it, should it have to go another way."""


@transaction.atomic
def queue_text(helpdesk: HelpDesk, wanted: NewText, *, at: datetime) -> TextMessage:
    """Words a text by the book's template, keeps it and queues the job that sends it; the same key
    is the same text.

    Raises NoText when the number is no mobile or asked not to be texted, the book has no such
    template, or a value does not fit into it.
    """
    known = TextMessage.objects.filter(key=wanted.key).first()
    if known:
        return known
    number = mobile_number(wanted.number)
    if wanted.purpose != END and is_stopped(helpdesk, number):
        raise NoText(f"{number} asked not to be texted. A text from there that says START ends it.")
    template = template_for(desk_in_force(helpdesk), wanted.purpose, wanted.language)
    text = worded(template, wanted.values)
    row, made = TextMessage.objects.get_or_create(
        key=wanted.key,
        defaults={
            "desk": helpdesk,
            "number": number,
            "text": text,
            "queued_at": at,
            "next_try_at": at,
            "purpose": wanted.purpose,
            "language": template.language,
            "registered": template.registered,
            "parts": parts_of(text).count,
            "ticket_id": wanted.ticket_id,
            "entry_id": wanted.entry_id,
            "message_id": wanted.message_id,
            "lacks": wanted.lacks,
            "letter": wanted.letter,
        },
    )
    if made:
        app.configure_task(SEND_JOB, queue="services").defer(text_id=row.pk)
    return row


def template_for(desk: Desk, purpose: str, language: str) -> Template:
    """Returns the book's wording for a purpose, in the language or else the desk's first; raises
    NoText.
    """
    found = desk.template(purpose, "sms", language)
    if found is None:
        raise NoText(
            f"The book has no text for “{purpose}”: nothing but its templates is sent "
            f"to phones. Add one under “templates:”, for: {purpose}, by: sms."
        )
    return found


def worded(template: Template, values: Mapping[str, str]) -> str:
    """Returns a template's text with its values; one too long is cut with …, but a link is not.
    Raises NoText.
    """
    missing = [name for name in template.variables if name not in values]
    if missing:
        raise NoText(
            f"The text for “{template.purpose}” asks for {{{missing[0]}}}, which is not "
            f"known here; it may have "
            f"{', '.join(f'{{{name}}}' for name in sorted(values)) or 'no variables'}."
        )
    room = room_in(template)
    plain = fits_gsm_7("".join(said for said, *_rest in Formatter().parse(template.text)))
    text = template.text.format_map(
        {name: fitting(values[name], room, name, plain=plain) for name in template.variables}
    )
    if parts_of(text).count > MOST_PARTS:
        raise NoText(
            f"The text for “{template.purpose}” would take more than {MOST_PARTS} parts. "
            "Shorten it."
        )
    return text


def room_in(template: Template) -> int:
    """Returns how many characters each variable of a template has."""
    return LONGEST_VARIABLE if template.registered else LONGEST_UNREGISTERED


def fitting(value: str, room: int, name: str, *, plain: bool) -> str:
    """Returns a value on one line, cut where it has no room; a link is not cut. Raises NoText."""
    said = " ".join(value.split())
    if len(said) <= room:
        return said
    if said.startswith(("http://", "https://")):
        raise NoText(
            f"The link for {{{name}}} has {len(said)} characters; a registered text has "
            f"room for {room}."
        )
    # One … would make the whole text Unicode: 70 a part, not 160.
    dots = "..." if plain and fits_gsm_7(said) else "…"
    return said[: room - len(dots)].rstrip() + dots
