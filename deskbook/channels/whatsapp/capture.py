"""Messages of a group that become tickets: the reporter is who wrote them, the recorder who picked
them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deskbook.channels.contract import Incoming
from deskbook.channels.way_in import take_in
from deskbook.channels.whatsapp.chat_exports import file_of
from deskbook.channels.whatsapp.models import CapturedLine, ChatExport, ChatLine
from deskbook.engine.wall_time import zone_named
from deskbook.people.access import visible_to_agent
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import contact_by, find_or_make_contact
from deskbook.people.merging import person, same_person
from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket

NAME = "whatsapp-name"
"""Channel of an identity: how somebody is called in the phone a chat was exported from."""
FEWEST_DIGITS = 7
MOST_SUGGESTED = 8


@dataclass(frozen=True, slots=True)
class Pick:
    """Messages of one person that are one report."""

    lines: Sequence[ChatLine]
    reporter: Contact
    ticket: Ticket | None = None
    """The open case of the reporter they belong to; None opens one."""
    subject: str = ""
    more: str = ""
    """What the recorder adds: the place and other fields of the book."""
    severity: str | None = None
    facets: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def capture(export: ChatExport, pick: Pick, *, at: datetime, by: Agent) -> Ticket:
    """Logs the messages as a new case or on one, with the files of the export, and returns the
    case.

    Messages that are on a case already are not stored again; if all are, that case is returned.
    Raises Refused; then nothing of it happened.
    """
    known = captured(by.desk, pick.lines)
    lines = [line for line in pick.lines if line.mark not in known]
    if not lines:
        return known[pick.lines[0].mark]
    if pick.ticket is not None and pick.ticket.requester_id not in same_person(pick.reporter):
        raise Refused(
            "capture: somebody else's",
            ticket=str(pick.ticket),
            other=str(pick.ticket.requester),
            reporter=str(pick.reporter),
        )
    ticket = _logged(export, pick, lines, at=at, by=by)
    CapturedLine.objects.bulk_create(
        [CapturedLine(desk=by.desk, mark=line.mark, ticket=ticket, by=by, at=at) for line in lines],
        ignore_conflicts=True,
    )
    return ticket


def _logged(
    export: ChatExport, pick: Pick, lines: Sequence[ChatLine], *, at: datetime, by: Agent
) -> Ticket:
    written = Written(
        _text(lines, pick, by), files=_files(export, lines), match_reason=f"Recorded by {by}."
    )
    channel = desk_in_force(by.desk).channel_of("whatsapp")
    name, key = channel.key if channel else "whatsapp", _key(by.desk, lines)
    if pick.ticket:
        return take_in(Incoming(pick.reporter, name, written, at, key, ticket=pick.ticket)).ticket
    subject, facets = pick.subject or _subject(lines), dict(pick.facets)
    case = NewCase(subject, written, name, severity=pick.severity, facets=facets)
    return open_ticket(pick.reporter, case, at=at, by=by, key=key).ticket


def captured(desk: HelpDesk, lines: Iterable[ChatLine]) -> dict[str, Ticket]:
    """Returns mark → the case a message is on already."""
    marks = [line.mark for line in lines]
    rows = CapturedLine.objects.filter(desk=desk, mark__in=marks).select_related("ticket__desk")
    return {row.mark: row.ticket for row in rows}


def reporter_by_sender(desk: HelpDesk, sender: str) -> Contact | None:
    """Returns who a sender of a chat is, by number or by how they were called there before, else by
    their very name.
    """
    if number := number_in(sender):
        found = contact_by(desk, "whatsapp", number) or contact_by(desk, "phone", number)
        return person(found) if found else None
    if found := contact_by(desk, NAME, sender):
        return person(found)
    named = (
        list(Contact.objects.filter(desk=desk, name__iexact=sender, merged_into=None)[:2])
        if sender
        else []
    )
    return named[0] if len(named) == 1 else None


def make_reporter(desk: HelpDesk, sender: str) -> Contact:
    """Returns the sender of a chat as a contact, made if new: by their number, else by their
    name.
    """
    known = reporter_by_sender(desk, sender)
    if known:
        return known
    if number := number_in(sender):
        # Not as a WhatsApp identity: they wrote in a group, and never agreed to be written to by
        # the desk there.
        return find_or_make_contact(desk, "phone", number, sign_in=False)
    return find_or_make_contact(desk, NAME, sender, name=sender, sign_in=False)


def remember(desk: HelpDesk, sender: str, reporter: Contact) -> None:
    """Keeps that somebody is called so in exported chats: the next message of theirs finds them."""
    if sender and not number_in(sender):
        ContactIdentity.objects.get_or_create(
            desk=desk, channel=NAME, identifier=sender, defaults={"contact": reporter}
        )


def open_cases(reporter: Contact | None, agent: Agent) -> list[Ticket]:
    """Returns the open cases a message of this person may belong to, of those the agent sees, the
    latest first.
    """
    if reporter is None:
        return []
    cases = Ticket.objects.filter(requester__in=same_person(reporter), is_open=True)
    seen = visible_to_agent(agent, cases).select_related("desk")
    return list(seen.order_by("-last_activity_at", "-pk")[:MOST_SUGGESTED])


def number_in(sender: str) -> str:
    """Returns the number a chat shows in place of a name, with its plus; empty for a name."""
    digits = re.sub(r"[\s()./-]", "", sender)
    bare = digits.lstrip("+")
    return (
        f"+{bare}"
        if bare.isdecimal() and bare.isascii() and FEWEST_DIGITS <= len(bare) <= 15
        else ""
    )


def _text(lines: Sequence[ChatLine], pick: Pick, by: Agent) -> str:
    """The words, each with when they were written, and who recorded them."""
    zone = zone_named(desk_in_force(by.desk).zone)
    parts = []
    for line in lines:
        when = line.said_at.astimezone(zone)
        stamp = (
            f"[{date_format(when, 'j M Y H:i')} {when.tzname()}, WhatsApp,"
            f" {line.sender or pick.reporter}]"
        )
        parts.append("\n".join(part for part in (stamp, line.text, line.file) if part))
    recorded = _("Recorded by %(who)s from a WhatsApp group.") % {"who": by}
    return "\n\n".join(part for part in (*parts, pick.more.strip(), recorded) if part)


def _subject(lines: Sequence[ChatLine]) -> str:
    words = next((line.text for line in lines if line.text.strip()), lines[0].file)
    return words.strip().splitlines()[0][:120] if words.strip() else ""


def _files(export: ChatExport, lines: Sequence[ChatLine]) -> list[File]:
    found = (file_of(export, line.file) for line in lines if line.file)
    return [file for file in found if file is not None]


def _key(desk: HelpDesk, lines: Sequence[ChatLine]) -> str:
    marks = " ".join(line.mark for line in lines)
    return f"chat:{sha256(f'{desk.pk} {marks}'.encode()).hexdigest()[:48]}"
