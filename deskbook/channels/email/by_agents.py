"""Mail of people who work at the desk: an answer to a notice is their answer, or they hear why it
is not.

A notice is answered to an address that only who was sent it knows (docs/decisions/0018). Whatever
cannot be taken for the agent's own word stands on the ticket as a note, and reaches nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from deskbook.channels.email.blanked import blanked_words
from deskbook.channels.email.copied import not_copied_in
from deskbook.channels.email.floods import stop_a_flood_of_all, stop_a_flood_of_one
from deskbook.channels.email.forwarded import is_forwarded
from deskbook.channels.email.mail import ParsedMail
from deskbook.channels.email.mailboxes import ours_of
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.place import (
    MOST_OTHERS,
    answers_an_aside,
    ticket_by_mark,
    tickets_in_hand,
)
from deskbook.channels.email.queueing import Post, queue_letter
from deskbook.channels.email.set_aside import files_of
from deskbook.channels.email.signing import signer_for
from deskbook.engine.ticket import Actor
from deskbook.people.access import agents_of, sees
from deskbook.people.agents import language_of
from deskbook.people.contacts import contact_by, normal_identifier
from deskbook.people.merging import same_person
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.prepared import Prepared
from deskbook.people.refusals import in_words
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import answer_ticket, note_on_ticket
from deskbook.tickets.going_on import going_on_as
from deskbook.tickets.log import Recorded
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.readers import OTHERS, Known, as_known

TEAM = "team"
"""In an answer's address: whoever of the desk reads the mail of a team."""
_TOLD_EVERY = timedelta(hours=1)
BY_MAIL = Actor("system", "mail")
_NOTE = re.compile(
    r"\A\s*(?:#(?i:note|nota)\b|NOTE\b|NOTA\b|(?i:note|nota)(?=\s*[:\n–-]))[\s:.,–-]*"
)
# Bold or in brackets as mail programs write it, after signs that nobody sees: never sent on a
# guess.
_PERHAPS_A_NOTE = re.compile(r"\A[\W_]{0,40}+(?:note|nota)(?![^\W_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AgentsMail:
    """A mail to a ticket in the name of somebody who works at its desk."""

    ticket: Ticket
    agent: Agent | None
    """None where nobody of the desk has the sender's address."""
    hindrance: str = ""
    """Why it does not count as theirs, as it is kept, for whoever reads the note; empty when it
    does.
    """


def read_agents_mail(
    mail: ParsedMail, desk: HelpDesk, unproven: str, *, envelope_to: Sequence[str] = ()
) -> list[AgentsMail]:
    """Returns what a mail is on each ticket to which it comes by an answer address of the desk's
    people, or from one of them where the ticket is not their own; none for all other mail.
    """
    signer = signer_for(desk)
    found: dict[int, AgentsMail] = {}
    for address in (*mail.recipients, *envelope_to):
        signed = signer.read_agent_address(address)
        ticket = ticket_by_mark(signed[0], desk) if signed else None
        if signed and ticket:
            said = _to_signed_address(mail, ticket, signed[1], unproven)
            found.setdefault(ticket.pk, said)
    for said in _to_the_tickets(mail, desk, unproven, envelope_to, by_ids=not found):
        found.setdefault(said.ticket.pk, said)
    return [_as_seen(said) for said in found.values()][: MOST_OTHERS + 1]


def _as_seen(said: AgentsMail) -> AgentsMail:
    """Who does not see a case any more answers none of its letters either."""
    if said.agent is None or said.hindrance or sees(said.agent, said.ticket):
        return said
    return replace(said, hindrance=kept("agents_mail.not_theirs"))


def take_in_agents_mail(
    said: AgentsMail, mail: ParsedMail, words: str, *, at: datetime, key: str
) -> Recorded:
    """Answers the requester with `words`, what is new in the mail, or notes them, and returns what
    was recorded.

    What is no answer of the agent's is a note of nobody's: whoever was to be told hears why, and
    the case's owner, or who could take it, that it waits. Raises Refused where the ticket takes no
    notes either.
    """
    # Notes are read by colleagues.
    mail = replace(mail, text=blanked_words(mail.text))
    words = blanked_words(words)
    hindrance = said.hindrance or _nothing_to_send(mail, words)
    if said.agent is None or hindrance:
        return _kept_as_note(said, mail, hindrance, at=at, key=key)
    not_copied = not_copied_in(said.ticket, (*mail.to, *mail.cc))
    written = replace(_written(mail, said.ticket.desk, words), mended=(*mail.defects, *not_copied))
    by = said.agent
    noted, is_certain = _as_note(mail, words)
    if noted is not None:
        written = replace(written, text=noted.strip())
        recorded = note_on_ticket(said.ticket, written, channel="email", at=at, by=by, key=key)
        if not is_certain:
            _say_why(said, mail, kept("agents_mail.ambiguous"), recorded, at=at)
        return recorded
    try:
        with as_known(said.ticket.pk, _answered(said.ticket, by, mail)):
            return answer_ticket(said.ticket, written, channel="email", at=at, by=by, key=key)
    except Refused as refused:
        return _kept_as_note(said, mail, _refused(refused), at=at, key=key)


def _refused(refused: Refused) -> str:
    if refused.rule == OTHERS:  # by name they stand in no note: a note outlives who is erased
        return kept("agents_mail.to_others_now")
    return kept("mail.refused", sentence=refused.refusal)


def _answered(ticket: Ticket, by: Agent, mail: ParsedMail) -> list[Known]:
    """Returns when its writer may have read whom their answer goes to: by the mail that it says it
    answers. Where it names none, or none that is known, any the desk sent them of the ticket; else
    what came first.
    """
    ids = [one.strip("<>") for one in (mail.in_reply_to or "", *mail.references) if one]
    letters = OutboundMail.objects.filter(desk=ticket.desk, entry__isnull=False)
    told = letters.filter(mail_id__in=ids).order_by("-pk")[:1]
    if not told and (wrote := _message_answered(ticket, ids)):
        return [_as_of(wrote)]
    if not told:
        told = letters.filter(going_on_as(ticket), recipient__iexact=by.user.email)
    entries = LogEntry.objects.filter(pk__in=[one.entry_id for one in told])
    known = {_as_of(entry) for entry in entries.select_related("ticket")}
    return list(known) or [_as_of(ticket.log.get(seq=1))]


def _message_answered(ticket: Ticket, ids: Sequence[str]) -> LogEntry | None:
    """The entry of what somebody wrote by a mail of theirs, in which an agent was copied in."""
    wrote = Message.objects.filter(going_on_as(ticket), mail_id__in=ids).exclude(mail_id="")
    message = wrote.order_by("-pk").first()
    entries = LogEntry.objects.filter(ticket=message.ticket_id) if message else None
    return entries.filter(data__message=str(message.pk)).first() if message and entries else None


def _as_of(entry: LogEntry) -> Known:
    # Whom a mail copies in follows by entries after the one of its words, of the same instant.
    acts = entry.ticket.log.filter(seq__gte=entry.seq, at=entry.at).latest("seq")
    return Known(entry.ticket_id, acts.seq)


def _as_note(mail: ParsedMail, words: str) -> tuple[str | None, bool]:
    """Returns what of the mail is for colleagues alone, None where it is an answer, and whether the
    agent surely meant it so.
    """
    if note := _NOTE.match(words):
        return words[note.end() :], True
    if _PERHAPS_A_NOTE.match(words):
        return words, False
    passed_on = is_forwarded(mail.subject, mail.text) or _answers_an_invitation(mail)
    return (mail.text if passed_on else None), True


def stop_a_flood_of(said: AgentsMail, mail: ParsedMail, *, at: datetime) -> None:
    """Raises TooMany where more mails came in somebody's name on a ticket than people write: two
    machines may be talking, or anybody forges it. So what became a note of nobody's counts by the
    address it claims.

    What is certainly an agent's is held up by nobody else's mail.
    """
    if said.hindrance:
        stop_a_flood_of_all(said.ticket, mail.from_.addr, at)
    theirs = Q(sender=normal_identifier("email", mail.from_.addr))
    if said.agent:
        theirs |= Q(author_user=said.agent.user)
    stop_a_flood_of_one(said.ticket, theirs, mail.from_.addr, at)


def _to_signed_address(mail: ParsedMail, ticket: Ticket, who: str, unproven: str) -> AgentsMail:
    agents = Agent.objects.filter(desk=ticket.desk_id).select_related("user", "desk")
    number = int(who) if who.isdecimal() and len(who) < 16 else 0
    writer = agents.filter(user__email=mail.from_.key).first()
    meant = writer if who == TEAM else agents.filter(pk=number).first()
    # Who wrote hears of it: a colleague who answers what was sent to another.
    agent = writer or meant
    if agent is None or writer is None:
        return AgentsMail(ticket, agent, kept("agents_mail.nobodys", sender=mail.from_.addr))
    if writer != meant:
        return AgentsMail(ticket, agent, kept("agents_mail.not_theirs"))
    return AgentsMail(ticket, agent, _unproven(agent, unproven) or _no_access(agent))


def _to_the_tickets(
    mail: ParsedMail, desk: HelpDesk, unproven: str, envelope_to: Sequence[str], *, by_ids: bool
) -> Iterator[AgentsMail]:
    """An agent who was copied in answers the requester's mail: everybody on it knows the ticket's
    address, so that only a proven sender counts.
    """
    agent = _AGENT.first(desk=desk.pk, address=mail.from_.key)
    if agent is None or _no_access(agent):
        return
    contact = contact_by(desk, "email", mail.from_.addr)
    own = same_person(contact) if contact else ()
    known = settings.DESKBOOK_TRUSTED_MAIL_SERVERS
    unknown = "" if known else kept("agents_mail.open_to_all", who=str(agent.user))
    signer = signer_for(desk)
    aside = answers_an_aside(mail, desk, signer, outsider=True)
    hindrance = kept("agents_mail.aside") if aside else unknown or _unproven(agent, unproven)
    in_hand = tickets_in_hand(mail, desk, signer, envelope_to=envelope_to, by_ids=by_ids)
    for ticket in in_hand:
        if ticket.requester_id not in own:
            yield AgentsMail(ticket, agent, hindrance)


_AGENT = Prepared(
    lambda desk, address: (
        Agent.objects.filter(desk=desk, user__email=address)
        .select_related("user", "desk")
        .order_by("pk")[:1]
    ),
    "desk",
    "address",
)


def _in_their_language(agent: Agent | None) -> AbstractContextManager[None]:
    return translation.override(language_of(agent) if agent else "en")


def _unproven(agent: Agent, unproven: str) -> str:
    return kept("agents_mail.unproven", who=str(agent.user), why=unproven) if unproven else ""


def _no_access(agent: Agent) -> str:
    """Asked when the mail is read, not when the notice was sent."""
    works_here = agents_of(agent.user).filter(pk=agent.pk).exists()
    return "" if works_here else kept("agents_mail.left", who=str(agent.user))


def _answers_an_invitation(mail: ParsedMail) -> bool:
    """Whether a calendar program says that somebody comes (RFC 5546): that is for the desk
    alone.
    """
    sheets = (file.content for file in mail.attachments if file.content_type == "text/calendar")
    return any(re.search(rb"(?mi)^METHOD:REPLY\b", sheet[:10_000]) for sheet in sheets)


def _nothing_to_send(mail: ParsedMail, words: str) -> str:
    return "" if words.strip() or mail.attachments else kept("agents_mail.nothing_new")


def _written(mail: ParsedMail, desk: HelpDesk, words: str) -> Written:
    """Without the HTML, which holds the notice; without our own addresses, which are secrets of who
    was sent them.
    """
    ours = ours_of(desk)
    return Written(
        words.strip(),
        files=[replace(file, content_id="", inline=False) for file in files_of(mail)],
        to=[a.addr for a in mail.to if len(a.addr) <= 320 and not ours.wrote(a.addr)],
        cc=[a.addr for a in mail.cc if len(a.addr) <= 320 and not ours.wrote(a.addr)],
        sender=normal_identifier("email", mail.from_.addr),
        mail_id=(mail.message_id or "").strip("<>")[:998],
    )


def _kept_as_note(
    said: AgentsMail, mail: ParsedMail, why: str, *, at: datetime, key: str
) -> Recorded:
    head = kept("agents_mail.not_taken", sender=mail.from_.addr, why=why)
    written = replace(
        _written(mail, said.ticket.desk, ""), text=mail.text, mended=(head, *mail.defects)
    )
    recorded = note_on_ticket(said.ticket, written, channel="email", at=at, by=BY_MAIL, key=key)
    _say_why(said, mail, why, recorded, at=at)
    for entry in recorded.entries:
        app.configure_task("alert_owner", queue="reactions").defer(entry_id=entry.pk)
    return recorded


def _say_why(
    said: AgentsMail, mail: ParsedMail, why: str, recorded: Recorded, *, at: datetime
) -> None:
    """To the address the desk has of the agent, never to the one the mail claims, but where only
    that is known; once an hour at most of one ticket, for anybody can write in their name.
    """
    with _in_their_language(said.agent):
        post = _why_not(said, mail, why)
    if recorded.entries and not told_lately(said.ticket, post.recipient, at=at):
        queue_letter(recorded.entries[-1], said.ticket, post, at=at)


def told_lately(ticket: Ticket, address: str, *, at: datetime) -> bool:
    """Whether somebody was told within the hour that a mail on the ticket became a note."""
    told = OutboundMail.objects.filter(
        ticket=ticket, recipient=address, purpose="notice", entry__kind="Noted"
    )
    return told.filter(queued_at__gt=at - _TOLD_EVERY).exists()


def told_once_an_hour() -> str:
    """Returns what is said with each notice of such a note; in its reader's language."""
    return _("If more mails there become notes within the next hour, you are not told again.")


def _where_it_stands(ticket: Ticket, agent: Agent | None) -> Iterator[str]:
    """Nobody is sent to a page that is shut to them, as it is to who has left since the notice was
    sent.
    """
    if agent is None or _no_access(agent):
        yield _("What you wrote stands on the ticket as a note; the desk is told of it.")
        return
    yield _("What you wrote stands on the ticket as a note. To answer, write there:")
    yield f"{settings.DESKBOOK_SITE_URL}/console/tickets/{ticket}"


def _why_not(said: AgentsMail, mail: ParsedMail, why: str) -> Post:
    ticket, agent = said.ticket, said.agent
    lines = (
        _("Your mail on %(number)s was not sent to the requester.") % {"number": ticket},
        in_words(why),
        *_where_it_stands(ticket, agent),
        told_once_an_hour(),
    )
    return Post(
        "notice",
        agent.user.email if agent else mail.from_.addr,
        "\n\n".join(lines),
        language_of(agent) if agent else "en",
        ask_for_answer=False,
        subject=_("Not sent: %(subject)s") % {"subject": ticket.subject},
    )
