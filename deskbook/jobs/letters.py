"""What requesters are told after an entry of the log, by whatever way reaches them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import translation

from deskbook.channels.all import carrying
from deskbook.channels.contract import Outgoing
from deskbook.channels.email.budgets import ASIDE
from deskbook.channels.email.models import InboundMail
from deskbook.engine.addresses import normal_address
from deskbook.engine.channels import ChannelKind
from deskbook.engine.desk import Desk
from deskbook.jobs import words_of_case_letters, words_of_letters
from deskbook.jobs.beside_letters import answer_sent, surroundings
from deskbook.jobs.carriers import send, ways_to
from deskbook.jobs.untold import record_untold
from deskbook.people.access import may_sign_own
from deskbook.people.books import desk_at
from deskbook.people.contacts import addresses_of
from deskbook.people.merging import person
from deskbook.people.models import Contact
from deskbook.people.prepared import Prepared
from deskbook.refusals.kept import kept
from deskbook.tickets.call_backs import rang_in_vain
from deskbook.tickets.conversation import acknowledge_ticket
from deskbook.tickets.faults import in_short, is_of_the_database
from deskbook.tickets.followers import who_was_answered, whose_then
from deskbook.tickets.going_on import merged_into
from deskbook.tickets.messages import File
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.relations import came_with, went_with
from deskbook.tickets.reminders import is_out
from deskbook.tickets.what_follows import only_where

log = logging.getLogger(__name__)


def acknowledge(entry_id: int) -> None:
    """Acknowledges a new ticket by the first way that reaches the requester, and records that way,
    or that none does; of a case that the book opened for the desk itself that is as it should be.

    Who gave no name has read the number where they wrote, or was told it.
    A mail that may not be answered automatically is said not to be, with why; one not proven, of
    which its message says so, is not answered and nothing is recorded. What somebody of the desk
    made a case of is acknowledged: they read it, and said whom it is for.
    """
    entry = _entry(entry_id)
    requester = person(entry.ticket.requester)
    nobody_told = Outgoing(entry, entry.ticket, requester, "acknowledgement", "")
    inbound = _BEGAN_WITH.first(ticket=entry.ticket_id)
    if not entry.data.get("recorded_by") and inbound and not inbound.may_acknowledge:
        if inbound.silence:
            record_untold(nobody_told, at=datetime.now(UTC), why=inbound.silence)
        return
    with _said_on_the_case(nobody_told):
        if requester.anonymous:
            acknowledge_ticket(entry.ticket, entry.ticket.channel, at=datetime.now(UTC))
            return
        ways = ways_to(entry.ticket, requester)
        told = any(_acknowledged_by(kind, entry.ticket) for kind in ways)
        if not told and not entry.data.get("recurring"):
            record_untold(nobody_told, at=datetime.now(UTC))


def _may_answer_by_itself(ticket: Ticket) -> bool:
    """Whether the mail a case began with may be answered with no person asking for it: no
    machine's, no forged one.
    """
    inbound = _BEGAN_WITH.first(ticket=ticket.pk)
    return inbound is None or inbound.may_acknowledge


_BEGAN_WITH = Prepared(
    lambda ticket: InboundMail.objects.filter(ticket=ticket).order_by("pk")[:1], "ticket"
)


def _acknowledged_by(kind: ChannelKind, ticket: Ticket) -> bool:
    """Records the acknowledgement by this way and queues it; False, and neither, where it does not
    reach them.
    """
    channel, at = desk_at(ticket.desk_id, ticket.book_version).channel_of(kind), datetime.now(UTC)
    with transaction.atomic():
        recorded = acknowledge_ticket(ticket, channel.key if channel else kind, at=at)
        if not recorded.entries:
            return True
        [*_, entry] = recorded.entries
        entry.ticket, entry.ticket.requester = recorded.ticket, ticket.requester
        told = _number(entry)
        if not carrying()[kind].carry(told, at=at):
            transaction.set_rollback(True)
            return False
    return True


def _came_by_phone(desk: Desk, ticket: Ticket, _entry: LogEntry) -> bool:
    phone = desk.channel_of("phone")
    return phone is not None and ticket.channel == phone.key and "sms" in carrying()


@only_where(_came_by_phone)
def text_number(entry_id: int) -> None:
    """Texts who called the number of their case as well, where they were told it another way and
    have a mobile.
    """
    entry = _entry(entry_id)
    desk = desk_at(entry.ticket.desk_id, entry.ticket.book_version)
    told_by = desk.channels.get(entry.data["channel"])
    if not _came_by_phone(desk, entry.ticket, entry.data):
        return
    if (told_by.kind if told_by else entry.data["channel"]) != "sms":
        carrying()["sms"].carry(_number(entry), at=datetime.now(UTC))


def tell_number(entry_id: int) -> None:
    """Tells the requester the number of their case by letter: nobody came to the chat in which it
    was said.
    """
    entry = _entry(entry_id)
    write(entry, "acknowledgement", words_of_letters.acknowledgement, entry.ticket.requester)


def _number(acknowledged: LogEntry) -> Outgoing:
    said = words_of_letters.acknowledgement
    return _outgoing(acknowledged, "acknowledgement", said, acknowledged.ticket.requester)


def carry_answer(entry_id: int) -> None:
    """Carries a public answer to the requester and everybody who follows; not one that was said on
    the phone.
    """
    entry = _entry(entry_id)
    message = answer_sent(entry.data["message"])
    phone = desk_at(entry.ticket.desk_id, entry.ticket.book_version).channel_of("phone")
    if phone and message.channel == phone.key:
        return
    # From the agent's own mail program.
    had_it = {normal_address(address) for address in (*message.to, *message.cc)}
    for contact in who_was_answered(entry):
        if had_it and not had_it.isdisjoint(addresses_of(contact)):
            continue
        write(entry, "answer", words_of_letters.answer, contact, message=message)


def carry_aside(entry_id: int) -> None:
    """Mails what the desk wrote beside a case to whom it wrote: by no other way, which would show
    it among what they say as a requester.
    """
    entry = _entry(entry_id)
    contact = person(Contact.objects.get(pk=entry.data["contact"]))
    message = Message.objects.get(pk=entry.data["message"])
    language = contact.language or "en"
    with translation.override(language):
        words = words_of_letters.aside(entry, contact, message)
    # Nothing stands beside the words, neither of the case nor of what its book says to its people.
    outgoing = Outgoing(entry, entry.ticket, contact, ASIDE, words, language, message=message)
    with _said_on_the_case(outgoing):
        if not carrying()["email"].carry(outgoing, at=datetime.now(UTC)):
            record_untold(outgoing, at=datetime.now(UTC))


def remind(entry_id: int) -> None:
    """Reminds the requester by the next way that has not failed; that there is none ends the
    ladder.
    """
    entry = _entry(entry_id)
    if entry.kind == "ReminderDue" and not is_out(entry):
        return
    if entry.data.get("told", True):
        write(entry, "reminder", words_of_letters.reminder, whose_then(entry).requester)


def tell_of_closing(entry_id: int) -> None:
    """Tells the requester that their case is closed, unless they closed it themselves or were
    spoken with after all.
    """
    entry = _entry(entry_id)
    if entry.data.get("cause") not in ("requester", "reached"):
        write(entry, "closing", words_of_letters.closing, whose_then(entry).requester)


def tell_of_severity(entry_id: int) -> None:
    """Tells the requester when it is not what they claimed, or were told last; confirming that
    needs no mail.
    """
    entry = _entry(entry_id)
    before = entry.ticket.log.filter(kind="SeverityVerified", seq__lt=entry.seq).order_by("-seq")
    known = before.values_list("data__severity", flat=True).first() or entry.ticket.claimed
    if entry.data["severity"] != known:
        write(entry, "severity", words_of_letters.severity, whose_then(entry).requester)


def tell_of_promise(entry_id: int) -> None:
    """Tells the requester what is promised; that they are called back is a wording of its own."""
    entry = _entry(entry_id)
    purpose = "call back" if entry.data.get("channel") == "phone" else "notice"
    write(entry, purpose, words_of_letters.promise, whose_then(entry).requester)


def tell_of_withdrawal(entry_id: int) -> None:
    """Tells the requester that a promise is taken back; not where the letter of the closing says
    so, or another call is promised since nobody answered.
    """
    entry = _entry(entry_id)
    in_vain = rang_in_vain(entry.ticket, entry.data["promise"])
    if not entry.data.get("with_the_case") and not in_vain:
        write(entry, "notice", words_of_letters.withdrawal, whose_then(entry).requester)


def tell_of_returned_paper(entry_id: int) -> None:
    """Tells the requester which paper came back to them and why."""
    entry = _entry(entry_id)
    write(entry, "paper", words_of_case_letters.paper_returned, whose_then(entry).requester)


def tell_of_merge(entry_id: int) -> None:
    """Tells those who came along under which number their case goes on; who had both already is not
    written to.
    """
    entry = _entry(entry_id)
    into = merged_into(entry.ticket)
    if into is None:  # taken back before anybody was told
        return
    for contact in Contact.objects.filter(pk__in=came_with(entry.ticket, into)).order_by("pk"):
        write(entry, "merged", words_of_case_letters.merged, contact)


def tell_of_merge_taken_back(entry_id: int) -> None:
    """Tells those who had gone along with a case that it goes on by itself again, whether or not
    they take part in the other.
    """
    entry = _entry(entry_id)
    if merged_into(entry.ticket) is not None:  # merged again before anybody was told
        return
    for contact in Contact.objects.filter(pk__in=went_with(entry)).order_by("pk"):
        write(entry, "unmerged", words_of_case_letters.unmerged, contact)


def tell_of_redirection(entry_id: int) -> None:
    """Tells the requester where their case went."""
    entry = _entry(entry_id)
    write(
        entry,
        "redirect",
        words_of_case_letters.redirected,
        whose_then(entry).requester,
        ask_for_answer=False,
    )


def tell_of_freeze(entry_id: int) -> None:
    """Tells the requester that a freeze holds their case, and until when."""
    entry = _entry(entry_id)
    if _may_answer_by_itself(entry.ticket):
        write(entry, "freeze", words_of_case_letters.held, whose_then(entry).requester)


def tell_of_estimate(entry_id: int) -> None:
    """Asks who may sign, the named contacts of the organisation or the requester, for their
    decision.
    """
    entry = _entry(entry_id)
    for contact in _deciding(entry):
        write(entry, "estimate", words_of_case_letters.estimate, contact)


def tell_of_delivery(entry_id: int) -> None:
    """Asks who may confirm a delivery to try it."""
    entry = _entry(entry_id)
    for contact in _deciding(entry):
        write(entry, "delivery", words_of_case_letters.delivery, contact)


def _deciding(entry: LogEntry) -> list[Contact]:
    whose = whose_then(entry)
    named = Contact.objects.filter(
        organisation=whose.organisation, organisation__isnull=False, named=True, merged_into=None
    )
    own = [whose.requester] if may_sign_own(whose.requester) else []
    return list(dict.fromkeys([*own, *named.order_by("pk")]))


class Beside(TypedDict, total=False):
    """What else a letter may have."""

    message: Message | None
    ask_for_answer: bool
    files: tuple[File, ...]


def write(
    entry: LogEntry,
    purpose: str,
    text: words_of_letters.Text,
    contact: Contact,
    **beside: Unpack[Beside],
) -> ChannelKind | None:
    """Queues a letter to one person by the first way that reaches them and returns it; None is said
    on the case.

    So is what cannot be written to them: it raises nothing, and whoever is told after them is told.
    """
    outgoing: Outgoing | None = None
    untold = Outgoing(entry, entry.ticket, person(contact), purpose, "", **beside)
    with _said_on_the_case(untold):
        outgoing = _outgoing(entry, purpose, text, contact, **beside)
    return send_or_say(outgoing, at=datetime.now(UTC)) if outgoing else None


def send_or_say(outgoing: Outgoing, *, at: datetime) -> ChannelKind | None:
    """Queues a letter by the first way that reaches its reader and returns it; None is said on the
    case.
    """
    way: ChannelKind | None = None
    with _said_on_the_case(outgoing):
        way = send(outgoing, at=at)
        if way is None:
            record_untold(outgoing, at=at)
    return way


@contextmanager
def _said_on_the_case(untold: Outgoing) -> Iterator[None]:
    """Takes back what was begun for one person and fails, and says so on the case instead of
    failing for all.

    A database that fails fails for all: the job is tried again, and queues nothing twice. It fails
    for one where a value of theirs does not fit.
    """
    try:
        with transaction.atomic():
            yield
    except Exception as failure:
        if is_of_the_database(failure):
            raise
        log.exception(
            "%s of %s could not be written to contact %s",
            untold.purpose,
            untold.ticket,
            untold.contact.pk,
        )
        why = kept("untold.failed", words=in_short(failure))
        record_untold(untold, at=datetime.now(UTC), why=why)


def _outgoing(
    entry: LogEntry,
    purpose: str,
    text: words_of_letters.Text,
    contact: Contact,
    **beside: Unpack[Beside],
) -> Outgoing:
    contact, message = person(contact), beside.get("message")
    language = contact.language or "en"
    with translation.override(language):
        words = words_of_letters.with_what_the_book_says(
            text(entry, contact, message), entry.ticket, contact, purpose
        )
        around = surroundings(entry, purpose, contact, message)
    outgoing = Outgoing(entry, entry.ticket, contact, purpose, words, language, **beside)
    return replace(outgoing, around=around)


def _entry(entry_id: int) -> LogEntry:
    entry = _ENTRY.first(pk=entry_id)
    if entry is None:
        raise LogEntry.DoesNotExist(f"no entry {entry_id}")
    return entry


_ENTRY = Prepared(
    lambda pk: LogEntry.objects.select_related("ticket__desk", "ticket__requester").filter(pk=pk),
    "pk",
)
