"""From a stored mail to what it means: a ticket, a message on one, a bounce, or nothing; never
lost, never in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Case, When
from structlog import get_logger

from deskbook.channels.email.addressees import why_unanswerable
from deskbook.channels.email.authentication import what_is_not_proven
from deskbook.channels.email.automatic import (
    Classification,
    about_a_notice,
    classify,
    sent_by_itself,
)
from deskbook.channels.email.bounce import desk_of_report, take_in_bounce
from deskbook.channels.email.by_agents import (
    AgentsMail,
    read_agents_mail,
    stop_a_flood_of,
    take_in_agents_mail,
)
from deskbook.channels.email.floods import TooMany
from deskbook.channels.email.from_outside import (
    NOT_ON_EACH,
    naming,
    take_in_from_outside,
    take_in_on_their_own,
)
from deskbook.channels.email.mail import ParsedMail, Unparsable
from deskbook.channels.email.mailboxes import mailboxes_of, ours_of
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.parse import read_apart
from deskbook.channels.email.quoted_codes import MOST_RAW, end_codes_in, without_codes
from deskbook.channels.email.set_aside import beginning_of, note_gist
from deskbook.channels.email.storing import MAX_SIZE
from deskbook.channels.email.what_a_mail_says import KNOWN_ANSWERS, envelope_sender, new_words
from deskbook.channels.email.writer import writer_of
from deskbook.delivery.states import Taken
from deskbook.people.apart import NoRoom
from deskbook.people.copying import update_row
from deskbook.people.models import HelpDesk
from deskbook.people.prepared import Prepared
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Refused
from deskbook.tickets.faults import is_of_the_database
from deskbook.tickets.log import Recorded
from deskbook.tickets.models import Blob, Message

_FOUND = ("state", "reason", "ticket", "message")


_log = get_logger(__name__)


def receive(inbound_id: int, *, at: datetime | None = None) -> InboundMail:
    """Understands one stored mail and returns its row; done twice it does nothing the second time.

    What cannot be understood is quarantined with a sentence. Only what is the machine's fault is
    raised (its database fails, it has no room for a process): then the job tries again.
    """
    at = at or datetime.now(UTC)
    row: InboundMail | None = None
    mail: ParsedMail | None = None
    try:
        with transaction.atomic():
            row = _stored(inbound_id)
            if row.state == Taken.NEW:
                mail = _read(row)
                _understand(row, shown := without_codes(mail, at=at), at)
                _keep(row, shown)
    except NoRoom:
        raise
    except Exception as failure:
        # One poisonous mail must not stop the next, whatever is wrong with it.
        if row is None or is_of_the_database(failure):
            raise
        sender = failure.sender if isinstance(failure, TooMany) else ""
        _quarantine(row, _why(row, failure), mail, at=at, flooding=sender)
    return row


def _stored(inbound_id: int) -> InboundMail:
    """The row, nobody else's till the transaction ends."""
    row = _STORED.first(pk=inbound_id)
    if row is None:
        raise InboundMail.DoesNotExist(f"no mail {inbound_id}")
    return row


_STORED = Prepared(
    lambda pk: (
        InboundMail.objects.select_for_update(no_key=True, of=("self",))
        .select_related("desk")
        .filter(pk=pk)
    ),
    "pk",
)
_READABLE = Case(When(size__lte=MAX_SIZE, then="data"))
_BYTES = Prepared(lambda key: Blob.objects.filter(pk=key).values_list("size", _READABLE), "key")


def _why(row: InboundMail, failure: Exception) -> str:
    if isinstance(failure, Refused):
        return kept(failure.refusal)
    if isinstance(failure, Unparsable):
        return str(failure)
    _log.error("mail could not be understood", inbound=row.pk, exc_info=failure)
    return kept("reading.failed", error=type(failure).__name__)


def _keep(row: InboundMail, mail: ParsedMail) -> None:
    # Its words stand on a ticket.
    row.may_be_read = row.may_be_read or row.state == Taken.DONE
    update_row(row, "desk", "may_acknowledge", "silence", "may_be_read", *_FOUND)
    if row.state == Taken.IGNORED:
        note_gist(row, mail)


@transaction.atomic
def give_up(inbound_id: int, *, at: datetime | None = None) -> None:
    """Quarantines a mail that ended every process it was read in, unless it was read after all."""
    why = kept("reading.stopped")
    row = InboundMail.objects.select_for_update(no_key=True).get(pk=inbound_id)
    if row.state == Taken.NEW:
        _quarantine(row, why, None, at=at or datetime.now(UTC))


def _quarantine(
    row: InboundMail, sentence: str, mail: ParsedMail | None, *, at: datetime, flooding: str = ""
) -> None:
    if mail:
        mail = without_codes(mail, at=at)  # once more: with the work, their end was taken back
    else:
        end_codes_in(beginning_of(row, MOST_RAW), at=at)
    row.state, row.reason, row.flooding = Taken.HELD, sentence, flooding[:320]
    row.ticket = row.message = None
    row.save(update_fields=["flooding", "may_be_read", *_FOUND])
    note_gist(row, mail)


def _read(row: InboundMail) -> ParsedMail:
    [(size, raw)] = _BYTES.columns(key=row.raw_id)
    if size > MAX_SIZE:
        raise Unparsable(
            kept("mail.large", megabytes=round(size / 1_048_576), most=MAX_SIZE // 1_048_576)
        )
    return read_apart(bytes(raw), envelope_sender(row) or "")


def _understand(row: InboundMail, mail: ParsedMail, at: datetime) -> None:
    named = (mailbox.desk for mailbox in mailboxes_of(mail.recipients))
    desk = row.desk or next(filter(None, named), None) or desk_of_report(mail, envelope_sender(row))
    if desk is None:
        raise Unparsable(kept("mail.to_no_desk"))
    row.desk, ours = desk, ours_of(desk)
    row.may_be_read = not about_a_notice(mail, ours, (row.envelope_from, *row.envelope_to))
    found = classify(
        mail, ours=ours, envelope_from=envelope_sender(row), envelope_to=row.envelope_to
    )
    row.may_acknowledge = found.may_acknowledge
    opens_cases = found.kind in ("person", "automatic")
    row.silence = found.reason if opens_cases and not row.may_acknowledge else ""
    if found.kind == "bounce":
        row.state = Taken.IGNORED
        row.reason = take_in_bounce(row, desk, found.bounce, at=at)
        row.may_be_read = row.ticket is not None
    elif found.kind in ("person", "automatic"):
        _take_in(row, desk, mail, found)
    else:
        row.state, row.reason = Taken.IGNORED, found.reason


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
        if row.state == Taken.DONE and not unproven:
            take_in_on_their_own(row, desk, mail, [one.ticket for one in by_agent])
    else:
        take_in_from_outside(row, desk, mail, found, unproven)


def _take_in_by_agent(
    row: InboundMail, mail: ParsedMail, found: Classification, said: Sequence[AgentsMail]
) -> None:
    row.may_acknowledge, row.ticket = False, said[0].ticket
    automatic = (
        found.reason if found.kind == "automatic" else sent_by_itself(mail, envelope_sender(row))
    )
    if automatic:  # a note of absence: no requester reads it, and no machine is answered
        row.state, row.reason = Taken.IGNORED, automatic
        return
    words = _agents_words(mail, said)
    recorded = _take_in_on(row, mail, words, said, said[0])
    row.state, row.reason = Taken.DONE, kept("mail.of_agent")
    noted = next(
        (entry.data["message"] for entry in recorded.entries if "message" in entry.data), None
    )
    row.message_id = int(noted) if noted else None
    for other in said[1:]:
        try:
            with transaction.atomic():
                _take_in_on(row, mail, words, said, other)
        except (Refused, TooMany):  # the first names it
            _log.info(NOT_ON_EACH, inbound=row.pk, ticket=other.ticket.pk)


def _take_in_on(
    row: InboundMail, mail: ParsedMail, words: str, said: Sequence[AgentsMail], one: AgentsMail
) -> Recorded:
    if not row.let_in:
        stop_a_flood_of(one, mail, at=row.received_at)
    key = f"mail:{row.pk}" if one is said[0] else f"mail:{row.pk}:{one.ticket.pk}"
    mail = naming(mail, (other.ticket for other in said if other is not one))
    return take_in_agents_mail(one, mail, words, at=row.received_at, key=key)


def _agents_words(mail: ParsedMail, said: Sequence[AgentsMail]) -> str:
    known: list[str] = []
    for one in said:
        messages = one.ticket.messages.exclude(kind=Message.Kind.REASON).order_by("-pk")
        known += messages.values_list("text", flat=True)[:KNOWN_ANSWERS]
    return new_words(mail.text, known, never_empty=False).new
