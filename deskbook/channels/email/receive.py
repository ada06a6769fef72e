"""From a stored mail to what it means: a ticket, a message on one, a bounce, or nothing; never
lost, never in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, transaction
from structlog import get_logger

from deskbook.channels.contract import Incoming
from deskbook.channels.email.addressees import why_unanswerable
from deskbook.channels.email.authentication import what_is_not_proven
from deskbook.channels.email.automatic import (
    Classification,
    about_a_notice,
    classify,
    is_answered_by_itself,
    sent_by_itself,
)
from deskbook.channels.email.bounce import take_in_bounce
from deskbook.channels.email.by_agents import (
    BY_MAIL,
    AgentsMail,
    read_agents_mail,
    stop_a_flood_of,
    take_in_agents_mail,
)
from deskbook.channels.email.copied import Copied, answers_elsewhere, nobody_follows, who_follows
from deskbook.channels.email.floods import TooMany, stop_a_flood
from deskbook.channels.email.forwarded import told_apart
from deskbook.channels.email.intake import MAX_SIZE
from deskbook.channels.email.mail import ParsedMail, Unparsable
from deskbook.channels.email.mailboxes import mailboxes_of, ours_of
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.parse import read_apart
from deskbook.channels.email.place import Place, letter_answered, other_places, place_of
from deskbook.channels.email.quoted_codes import MOST_RAW, end_codes_in, without_codes
from deskbook.channels.email.reply_text import ReplyText, new_text
from deskbook.channels.email.set_aside import beginning_of, files_of, note_gist
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.writer import writer_of
from deskbook.channels.receive import take_in
from deskbook.engine.channels import is_official
from deskbook.people.apart import NoRoom, Over, done_apart
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import (
    contact_by,
    find_or_make_contact,
    normal_identifier,
    prove_stated,
    stated_address,
)
from deskbook.people.merging import person, same_person
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.refusals.kept import joined, kept, stored
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import note_from_outside
from deskbook.tickets.faults import is_of_the_database
from deskbook.tickets.log import Recorded
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Ticket

_KNOWN_ANSWERS = 5
_FOUND = ("state", "reason", "ticket", "message")

_log = get_logger(__name__)


def receive(inbound_id: int, *, at: datetime | None = None) -> InboundMail:
    """Understands one stored mail and returns its row; done twice it does nothing the second time.

    What cannot be understood is quarantined with a sentence. Only what is the machine's fault is
    raised (its database fails, it has no room for a process): then the job tries again.
    """
    row, at = InboundMail.objects.get(pk=inbound_id), at or datetime.now(UTC)
    mail: ParsedMail | None = None
    try:
        with transaction.atomic():
            stored = InboundMail.objects.select_for_update(
                no_key=True, of=("self",)
            ).select_related("desk")
            row = stored.get(pk=inbound_id)
            if row.state == InboundMail.State.NEW:
                mail = _read(row)
                _understand(row, shown := without_codes(mail, at=at), at)
                _keep(row, shown)
    except NoRoom:
        raise
    except Exception as failure:
        # One poisonous mail must not stop the next, whatever is wrong with it.
        if is_of_the_database(failure):
            raise
        sender = failure.sender if isinstance(failure, TooMany) else ""
        _quarantine(row, _why(row, failure), mail, at=at, flooding=sender)
    return row


def _why(row: InboundMail, failure: Exception) -> str:
    if isinstance(failure, Unparsable | Refused):
        return str(failure)
    _log.error("mail could not be understood", inbound=row.pk, exc_info=failure)
    return kept("reading.failed", error=type(failure).__name__)


def _keep(row: InboundMail, mail: ParsedMail) -> None:
    # Its words stand on a ticket.
    row.may_be_read = row.may_be_read or row.state == InboundMail.State.DONE
    row.save(update_fields=["desk", "may_acknowledge", "may_be_read", *_FOUND])
    if row.state == InboundMail.State.IGNORED:
        note_gist(row, mail)


@transaction.atomic
def give_up(inbound_id: int, *, at: datetime | None = None) -> None:
    """Quarantines a mail that ended every process it was read in, unless it was read after all."""
    why = kept("reading.stopped")
    row = InboundMail.objects.select_for_update(no_key=True).get(pk=inbound_id)
    if row.state == InboundMail.State.NEW:
        _quarantine(row, why, None, at=at or datetime.now(UTC))


def _quarantine(
    row: InboundMail, sentence: str, mail: ParsedMail | None, *, at: datetime, flooding: str = ""
) -> None:
    if mail:
        mail = without_codes(mail, at=at)  # once more: with the work, their end was taken back
    else:
        end_codes_in(beginning_of(row, MOST_RAW), at=at)
    row.state, row.reason, row.flooding = InboundMail.State.QUARANTINED, sentence, flooding[:320]
    row.ticket = row.message = None
    row.save(update_fields=["flooding", "may_be_read", *_FOUND])
    note_gist(row, mail)


def _read(row: InboundMail) -> ParsedMail:
    size = InboundMail.objects.values_list("raw__size", flat=True).get(pk=row.pk)
    if size > MAX_SIZE:
        raise Unparsable(
            kept("mail.large", megabytes=round(size / 1_048_576), most=MAX_SIZE // 1_048_576)
        )
    return read_apart(bytes(row.raw.data), _envelope_sender(row) or "")


def _understand(row: InboundMail, mail: ParsedMail, at: datetime) -> None:
    desk = row.desk or next((m.desk for m in mailboxes_of(mail.recipients)), None)
    if desk is None:
        raise Unparsable(kept("mail.to_no_desk"))
    row.desk, ours = desk, ours_of(desk)
    row.may_be_read = not about_a_notice(mail, ours, (row.envelope_from, *row.envelope_to))
    found = classify(
        mail, ours=ours, envelope_from=_envelope_sender(row), envelope_to=row.envelope_to
    )
    row.may_acknowledge = found.may_acknowledge
    if found.kind == "bounce":
        row.state, row.reason = (
            InboundMail.State.IGNORED,
            take_in_bounce(row, desk, found.bounce, at=at),
        )
        row.may_be_read = row.ticket is not None
    elif found.kind in ("person", "automatic"):
        _take_in(row, desk, mail, found)
    else:
        row.state, row.reason = InboundMail.State.IGNORED, found.reason


def _told_apart(text: str, answered: list[str], *, never_empty: bool = True) -> ReplyText:
    """What is new in the text; all of it, or nothing, when that cannot be told in the time there
    is.
    """
    try:
        return done_apart(new_text, text, quoted=answered, never_empty=never_empty)
    except Over:
        return ReplyText(text, "") if never_empty else ReplyText("", text)


def _told_from_carried(mail: ParsedMail) -> tuple[str, str]:
    """What was said above a mail that was carried on, and that mail; all counts as said when that
    cannot be told.
    """
    try:
        return done_apart(told_apart, mail.text)
    except Over:
        return mail.text, ""


def _envelope_sender(row: InboundMail) -> str | None:
    """The MAIL FROM, empty for the null sender; None when the mail came in a way that does not
    tell.
    """
    return "" if row.envelope_from == "<>" else row.envelope_from or None


def _take_in(row: InboundMail, desk: HelpDesk, mail: ParsedMail, found: Classification) -> None:
    writer = writer_of(mail, ours_of(desk))
    unproven = writer.claimed or what_is_not_proven(mail, settings.DESKBOOK_TRUSTED_MAIL_SERVERS)
    mail = replace(mail, from_=writer.address)
    unanswerable = why_unanswerable(mail.from_.addr)
    if unanswerable:
        raise Unparsable(kept("mail.unanswerable", sender=mail.from_.addr[:80], why=unanswerable))
    by_agent = read_agents_mail(mail, desk, unproven, envelope_to=row.envelope_to)
    if by_agent:
        _take_in_by_agent(row, mail, found, by_agent)
    else:
        _take_in_from_outside(row, desk, mail, found, unproven)


def _take_in_from_outside(
    row: InboundMail, desk: HelpDesk, mail: ParsedMail, found: Classification, unproven: str
) -> None:
    answered = None if unproven else _answered_where_only_typed(row, desk, mail)
    if answered and found.kind == "automatic":
        # No person read the letter, whoever's the address is.
        row.state, row.ticket, row.reason = InboundMail.State.IGNORED, answered, found.reason
        return
    if answered and not sent_by_itself(mail, _envelope_sender(row)):
        prove_stated(person(answered.requester))
    sender = find_or_make_contact(desk, "email", mail.from_.addr, name=mail.from_.name)
    place = place_of(mail, desk, signer_for(desk), sender, envelope_to=row.envelope_to)
    # It may be forged: nobody is written to for it, and on a case it does not act as who it says it
    # is.
    if unproven:
        row.may_acknowledge = False
        place = replace(place, outsider=place.ticket is not None)
    automatic = found.reason if found.kind == "automatic" else ""
    if automatic and not place.ticket and is_answered_by_itself(mail):
        row.state, row.reason = InboundMail.State.IGNORED, automatic  # an absence note is no case
        return
    copied = _copied(mail, sender)
    if copied:
        row.state, row.ticket, row.message = InboundMail.State.IGNORED, copied.ticket, copied
        row.reason = kept("mail.copy", ticket=str(copied.ticket))
        return
    if automatic and place.ticket:
        _put_by(row, mail, sender, place, unproven, automatic)
    else:
        _take_in_words(row, mail, sender, place, unproven)


def _take_in_words(
    row: InboundMail, mail: ParsedMail, sender: Contact, place: Place, unproven: str
) -> None:
    desk = sender.desk
    others = other_places(place, mail, desk, signer_for(desk), sender, envelope_to=row.envelope_to)
    incoming = _incoming(row, _naming(mail, others), sender, place, unproven)
    recorded = take_in(incoming)
    _done(row, mail, recorded, place)
    if incoming.written.forwarded_from:
        _note_own_words(row, mail, recorded)
    for other in others if not unproven else ():
        rest = [one for one in (place, *others) if one is not other]
        _take_in_besides(row, _naming(mail, rest), sender, other)


def _naming(mail: ParsedMail, others: Sequence[Place]) -> ParsedMail:
    """The mail, which says on its case to which others it was sent."""
    cases = ", ".join(str(other.ticket) for other in others)
    return (
        replace(mail, defects=(*mail.defects, kept("mail.to_cases", cases=cases)))
        if cases
        else mail
    )


def _take_in_besides(row: InboundMail, mail: ParsedMail, sender: Contact, place: Place) -> None:
    """Puts a mail to several cases on one more of them. Not on one that is closed: an old address
    is easily left among the recipients. Nor where they take no part or the case takes nothing: the
    first says for which others it was.
    """
    if place.ticket is None or place.outsider or not place.ticket.is_open:
        return
    try:
        with transaction.atomic():
            incoming = _incoming(row, mail, sender, place, "")
            take_in(replace(incoming, key=f"{incoming.key}:{place.ticket.pk}"))
    except (Refused, TooMany):
        _log.info("a mail to several cases is not on each", inbound=row.pk, ticket=place.ticket.pk)


def _note_own_words(row: InboundMail, mail: ParsedMail, recorded: Recorded) -> None:
    """What was said above a mail that was carried on is for the desk; of nobody, as any sender can
    be forged.
    """
    own = _told_from_carried(mail)[0]
    if own:
        note = Written(
            f"{mail.from_.addr}:\n\n{own}", sender=normal_identifier("email", mail.from_.addr)
        )
        key = f"mail:{row.pk}:own words"
        note_from_outside(
            recorded.ticket, note, channel="email", at=row.received_at, by=BY_MAIL, key=key
        )


def _put_by(
    row: InboundMail, mail: ParsedMail, sender: Contact, place: Place, unproven: str, automatic: str
) -> None:
    """Shows what a machine wrote on a case that exists. It is no answer: it may not move the case
    or stop its reminders, and one that the case does not take is left out, not held.
    """
    place = replace(place, outsider=True)
    try:
        incoming = _incoming(row, mail, sender, place, unproven, automatic=automatic)
        _done(row, mail, take_in(incoming), place)
    except (Refused, TooMany) as refused:
        row.state, row.ticket = InboundMail.State.IGNORED, place.ticket
        row.reason = joined(
            automatic, refused.refusal if isinstance(refused, Refused) else stored(str(refused))
        )


def _done(row: InboundMail, mail: ParsedMail, recorded: Recorded, place: Place) -> None:
    row.state, row.ticket, row.reason = InboundMail.State.DONE, recorded.ticket, place.reason
    messages = Message.objects.filter(
        ticket=recorded.ticket, mail_id=_bare(mail.message_id)
    ).order_by("-pk")
    row.message_id = messages.values_list("pk", flat=True).first()


def _take_in_by_agent(
    row: InboundMail, mail: ParsedMail, found: Classification, said: AgentsMail
) -> None:
    row.may_acknowledge, row.ticket = False, said.ticket
    automatic = (
        found.reason if found.kind == "automatic" else sent_by_itself(mail, _envelope_sender(row))
    )
    if automatic:  # a note of absence: no requester reads it, and no machine is answered
        row.state, row.reason = InboundMail.State.IGNORED, automatic
        return
    if not row.let_in:
        stop_a_flood_of(said, mail, at=row.received_at)
    known = (
        said.ticket.messages.exclude(kind=Message.Kind.REASON)
        .order_by("-pk")
        .values_list("text", flat=True)
    )
    words = _told_apart(mail.text, list(known[:_KNOWN_ANSWERS]), never_empty=False)
    recorded = take_in_agents_mail(said, mail, words.new, at=row.received_at, key=f"mail:{row.pk}")
    row.state, row.reason = InboundMail.State.DONE, kept("mail.of_agent")
    noted = next(
        (entry.data["message"] for entry in recorded.entries if "message" in entry.data), None
    )
    row.message_id = int(noted) if noted else None


def _answered_where_only_typed(row: InboundMail, desk: HelpDesk, mail: ParsedMail) -> Ticket | None:
    """The case of somebody who typed the sender's address in a chat, where the mail answers a
    letter of it: who does that has shown that it is theirs.
    """
    if contact_by(desk, "email", mail.from_.addr):
        return None
    ticket = letter_answered(mail, desk, signer_for(desk), envelope_to=row.envelope_to)
    typed = stated_address(person(ticket.requester)) if ticket else None
    return ticket if typed == normal_identifier("email", mail.from_.addr) else None


def _copied(mail: ParsedMail, sender: Contact) -> Message | None:
    """The message a mail is another copy of: of one sender, under one Message-ID, with the same
    words but for what a list puts below them.
    """
    mail_id = _bare(mail.message_id)
    if not mail_id:
        return None
    with connection.cursor() as cursor:
        # Both copies come at once: the second waits until the first is stored.
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, %s))",
            [f"mail {mail_id}", sender.desk_id],
        )
    words = " ".join(mail.text.split())
    known = Message.objects.filter(
        desk=sender.desk_id, mail_id=mail_id, author_contact__in=same_person(sender)
    )
    for message in known.filter(ticket__isnull=False).select_related("ticket__desk")[
        :_KNOWN_ANSWERS
    ]:
        there = " ".join(message.text.split())
        if (
            words == there
            or (message.forwarded_from and there in " ".join(_carried_on(mail)[0].split()))
            or (there and words.startswith(there))
            or (words and there.startswith(words))
        ):
            return message
    return None


def _incoming(
    row: InboundMail,
    mail: ParsedMail,
    sender: Contact,
    place: Place,
    unproven: str,
    automatic: str = "",
) -> Incoming:
    ticket, words = place.ticket, ReplyText(mail.text, "")
    if not row.let_in:
        stop_a_flood(
            ticket, sender, row.received_at, unproven=bool(unproven), outsider=place.outsider
        )
    if ticket is not None:
        answers = (
            Message.objects.filter(ticket=ticket).exclude(kind=Message.Kind.NOTE).order_by("-pk")
        )
        words = _told_apart(
            mail.text, list(answers.values_list("text", flat=True)[:_KNOWN_ANSWERS])
        )
    copied = (
        Copied() if unproven or automatic or place.outsider else _copied_in(mail, sender, place)
    )
    mail = replace(
        mail,
        defects=(*mail.defects, *copied.left_out, *answers_elsewhere(sender.desk, sender, mail)),
    )
    forwarded = "" if ticket else _forwarded_from(mail, sender.desk)
    written = _written(mail, words, place, sender.desk)
    written = replace(written, unproven=unproven, automatic=automatic, forwarded_from=forwarded)
    if forwarded:
        # Whose mail it is reads it once the case is theirs: not what colleagues say about it.
        text, html = _carried_on(mail)
        written = replace(written, text=text, html=html, only_in_html="")
    return Incoming(
        sender,
        "email",
        written,
        row.received_at,
        f"mail:{row.pk}",
        subject=mail.subject,
        ticket=ticket,
        outsider=place.outsider,
        followers=copied.followers,
    )


def _copied_in(mail: ParsedMail, sender: Contact, place: Place) -> Copied:
    """Who follows from now on. A forged From and a number out of the air would let anybody follow
    any case.
    """
    others = (*mail.to, *mail.cc)
    if place.by_number and not settings.DESKBOOK_TRUSTED_MAIL_SERVERS:
        return nobody_follows(sender, others)
    return who_follows(sender, others, place.ticket)


def _forwarded_from(mail: ParsedMail, desk: HelpDesk) -> str:
    """Whose mail somebody of the desk carries on: of others' forwards whoever sends them is the
    requester.
    """
    ours = ours_of(desk)
    at_work = (
        ours.hosts(mail.from_.addr)
        or Agent.objects.filter(desk=desk, user__email=mail.from_.key).exists()
    )
    wrote = mail.original_sender if at_work else None
    if wrote is None or wrote.key == mail.from_.key or ours.wrote(wrote.addr):
        return ""
    return f"{wrote.name[: 310 - len(wrote.addr)]} <{wrote.addr}>".strip()


def _carried_on(mail: ParsedMail) -> tuple[str, str]:
    """The words of the mail that somebody of the desk carries on, below their own or in a file, and
    its HTML.
    """
    below = _told_from_carried(mail)[1]
    return (
        (below, "") if below or not mail.carried else (mail.carried[0].text, mail.carried[0].html)
    )


def _written(mail: ParsedMail, words: ReplyText, place: Place, desk: HelpDesk) -> Written:
    official = desk_in_force(desk).official_mail
    return Written(
        text=words.new,
        quoted=words.quoted,
        html=mail.html or "",
        only_in_html=mail.only_in_html,
        files=files_of(mail),
        to=[a.addr for a in mail.to if len(a.addr) <= 320],
        cc=[a.addr for a in mail.cc if len(a.addr) <= 320],
        sender=normal_identifier("email", mail.from_.addr),
        mail_id=_bare(mail.message_id),
        match_reason=place.reason,
        outsider=place.outsider,
        mended=mail.defects,
        unofficial=bool(official) and not is_official(mail.from_.addr, official),
    )


def _bare(message_id: str | None) -> str:
    return (message_id or "").strip("<>")[:998]
