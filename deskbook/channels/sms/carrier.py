"""Texts as a way out of the desk: short, by the book's templates, to mobiles."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.channels.contract import Outgoing
from deskbook.channels.sms.gateway import gateway_of
from deskbook.channels.sms.writing import NewText, fitting, queue_text, room_in
from deskbook.channels.variables import said_in, variables_of
from deskbook.delivery.states import LEFT_OVER, State
from deskbook.people.books import desk_in_force
from deskbook.people.merging import person
from deskbook.people.mobiles import NoText, mobiles_of
from deskbook.people.models import Contact
from deskbook.people.stopped import is_stopped
from deskbook.people.text_parts import fits_gsm_7
from deskbook.tickets.followers import latest_first, senders_on
from deskbook.tickets.models import Ticket

_OVER = (*LEFT_OVER, State.DROPPED)


def carry(outgoing: Outgoing, *, at: datetime) -> bool:
    """Queues a text to the mobile the person wrote from, else to their first.

    False when they have none, the desk has no gateway, the book no template for the purpose, or
    only files are to be told.
    """
    if outgoing.only_files:
        return False
    helpdesk = outgoing.ticket.desk
    number = where(outgoing.ticket, outgoing.contact, outgoing.purpose, outgoing.language, at=at)
    if number is None:
        return False
    text, lacks = _words(outgoing)
    wanted = NewText(
        f"{outgoing.entry.pk} {outgoing.contact.pk} {outgoing.purpose}",
        number,
        outgoing.purpose,
        {"name": "", "subject": "", **variables_of(outgoing), "text": text},
        outgoing.language,
        outgoing.ticket.pk,
        outgoing.entry.pk,
        outgoing.message.pk if outgoing.message else None,
        ", ".join(lacks),
        outgoing.text,
    )
    try:
        row = queue_text(helpdesk, wanted, at=at)
    except NoText:
        return False
    return row.state not in _OVER  # one that failed is told by another way


def where(
    ticket: Ticket, contact: Contact, purpose: str, language: str, *, at: datetime
) -> str | None:
    """Returns the mobile a text on a ticket goes to, None where none reaches the person."""
    if (
        desk_in_force(ticket.desk).template(purpose, "sms", language) is None
        or gateway_of(ticket.desk) is None
    ):
        return None
    mobiles = latest_first(mobiles_of(contact), senders_on(ticket, contact))
    return next((one for one in mobiles if not is_stopped(ticket.desk, one)), None)


def bounds(
    ticket: Ticket, contact: Contact, purpose: str, language: str, *, at: datetime
) -> int | None:
    """Returns how much of what somebody wrote a text brings: what the book's template has room
    for.
    """
    template = desk_in_force(ticket.desk).template(purpose, "sms", language)
    if template is None:
        return None
    return room_in(template) if "text" in template.variables else 0


def _words(outgoing: Outgoing) -> tuple[str, Sequence[str]]:
    """What somebody wrote, as a text brings it, and what of it that lacks: then it says so, and how
    to come by the rest.
    """
    message, said = outgoing.message, " ".join(said_in(outgoing).split())
    desk = desk_in_force(outgoing.ticket.desk)
    template = desk.template(outgoing.purpose, "sms", outgoing.language)
    if message is None or template is None:
        return said, ()
    files = ("files",) if message.attachments.exists() else ()
    if "text" not in template.variables:
        return said, ("words", *files)  # the wording says how to come by them
    room = room_in(template)
    if len(said) <= room and not files:
        return said, ()
    more = _there_is_more(outgoing, bool(files), is_cut=len(said) > room)
    left = room - len(more) - 1
    if len(said) > left:
        more = _there_is_more(outgoing, bool(files), is_cut=True)
        left = room - len(more) - 1
        said = fitting(said, left, "text", plain=fits_gsm_7(template.text + more))
        files = ("words", *files)
    return f"{said} {more}", files


def _there_is_more(outgoing: Outgoing, has_files: bool, *, is_cut: bool) -> str:
    """In the reader's language; who can sign in finds it under a link, where that has room."""
    with translation.override(outgoing.language):
        how = _("ask us")
        if person(outgoing.contact).user_id and not _is_registered(outgoing):
            how = variables_of(outgoing)["link"]
        if not has_files:
            return _("(more: %(how)s)") % {"how": how}
        said = _("(more, with files: %(how)s)") if is_cut else _("(with files: %(how)s)")
        return said % {"how": how}


def _is_registered(outgoing: Outgoing) -> bool:
    desk = desk_in_force(outgoing.ticket.desk)
    template = desk.template(outgoing.purpose, "sms", outgoing.language)
    return bool(template and template.registered)
